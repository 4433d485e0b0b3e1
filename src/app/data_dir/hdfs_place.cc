#include "app/data_dir/hdfs_place.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <utility>

#include "io/disk/posix_disk.h"
#include "io/hdfs/default_file_system.h"
#include "io/hdfs/hdfs_disk.h"

namespace tidemark {
namespace {

// As every client of Hadoop does, the user of the process, unless the address names one.
std::string hdfs_user(const HdfsUrl& url) {
  if (!url.user.empty()) return url.user;
  const passwd* const entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : fmt::to_string(::geteuid());
}

HdfsModes hdfs_modes(unsigned files) {
  const FileModes modes = lake_modes(files);
  return {.file = modes.file, .folder = modes.folder};
}

class HdfsPlace final : public RemotePlace {
 public:
  HdfsPlace(HdfsUrl url, HdfsSecurity security, unsigned lake_mode)
      : url_(std::move(url)), security_(std::move(security)), modes_(hdfs_modes(lake_mode)) {}

  std::string text() const override { return to_text(url_); }
  std::string user() const override { return url_.user; }
  std::string folder() const override { return url_.folder; }
  Result<std::string> hadoop_uri() const override {
    const auto system = default_file_system(access());
    if (system) return *system + url_.folder;
    return std::unexpected(Error::retryable(
        fmt::format("{}; set hive-location to the URI under which Hive finds {}, as hdfs://namenode:8020{}",
                    system.error().message(), text(), url_.folder)));
  }
  std::unique_ptr<Disk> make_disk(Disk& locks, std::string lock_folder) const override {
    return make_hdfs_disk(access(), modes_, locks, std::move(lock_folder));
  }
  Result<void> probe(Disk& /*disk*/) const override { return probe_hdfs(access(), url_.folder, modes_); }
  std::string removal(std::string_view name) const override {
    return fmt::format("hdfs dfs -rm {}/{}", url_.folder, name);
  }
  std::string_view document() const override { return "docs/hdfs.md"; }

 private:
  HdfsAccess access() const { return {.namenodes = url_.namenodes, .user = hdfs_user(url_), .security = security_}; }

  HdfsUrl url_;
  HdfsSecurity security_;
  HdfsModes modes_;
};

}  // namespace

std::unique_ptr<RemotePlace> make_hdfs_place(const HdfsUrl& url, const RunOptions& options) {
  return std::make_unique<HdfsPlace>(url, options.hdfs, options.lake_mode);
}

}  // namespace tidemark
