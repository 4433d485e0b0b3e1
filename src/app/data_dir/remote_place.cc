#include "app/data_dir/remote_place.h"

#include "app/data_dir/hdfs_place.h"
#include "app/data_dir/s3_place.h"

namespace tidemark {
namespace {

struct PlaceOf {
  const RunOptions& options;
  std::unique_ptr<RemotePlace> operator()(const HdfsUrl& url) const { return make_hdfs_place(url, options); }
  std::unique_ptr<RemotePlace> operator()(const S3Url& url) const { return make_s3_place(url, options); }
};

}  // namespace

std::unique_ptr<RemotePlace> make_remote_place(const RunOptions& options) {
  return options.remote_lake ? std::visit(PlaceOf{options}, *options.remote_lake) : nullptr;
}

}  // namespace tidemark
