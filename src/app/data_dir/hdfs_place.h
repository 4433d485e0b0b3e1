// A lake in HDFS.
#pragma once

#include <memory>

#include "app/data_dir/remote_place.h"

namespace tidemark {

std::unique_ptr<RemotePlace> make_hdfs_place(const HdfsUrl& url, const RunOptions& options);

}  // namespace tidemark
