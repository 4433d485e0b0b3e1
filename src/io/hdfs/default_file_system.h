// The name under which a cluster knows its own file system, as its NameNode tells it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "io/hdfs/webhdfs.h"

namespace tidemark {

// "hdfs://namenode:8020", or "hdfs://nameservice1" of a cluster with several NameNodes (HA). Asks each until one answers;
// errors are retryable.
Result<std::string> default_file_system(const HdfsAccess& access);

// The same in Hadoop's configuration as XML. Empty if it is not there.
std::string file_system_in(std::string_view configuration);

}  // namespace tidemark
