#include "app/data_dir/s3_place.h"

#include <fmt/format.h>

#include <utility>

#include "io/s3/s3_disk.h"

namespace tidemark {
namespace {

class S3Place final : public RemotePlace {
 public:
  S3Place(S3Url url, S3Access access) : url_(std::move(url)), access_(std::move(access)) {}

  std::string text() const override { return to_text(url_); }
  std::string user() const override { return {}; }
  std::string folder() const override { return to_text(url_); }
  Result<std::string> hadoop_uri() const override { return "s3a" + folder().substr(folder().find("://")); }
  std::unique_ptr<Disk> make_disk(Disk& locks, std::string lock_folder) const override {
    return make_s3_disk(access_, url_.bucket, locks, std::move(lock_folder));
  }
  Result<void> probe(Disk& disk) const override { return probe_s3(disk, folder()); }
  std::string removal(std::string_view name) const override {
    return fmt::format("aws{} s3 rm {}/{}", endpoint(), folder(), name);
  }
  std::string_view document() const override { return "docs/s3.md"; }

 private:
  std::string endpoint() const {
    return access_.endpoint.empty() ? "" : fmt::format(" --endpoint-url {}", access_.endpoint);
  }

  S3Url url_;
  S3Access access_;
};

}  // namespace

std::unique_ptr<RemotePlace> make_s3_place(const S3Url& url, const RunOptions& options) {
  return std::make_unique<S3Place>(url, options.s3);
}

}  // namespace tidemark
