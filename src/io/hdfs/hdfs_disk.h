// HdfsDisk: a Disk whose files lie in HDFS, over WebHDFS.
//
// A name is durable once the NameNode has answered, so there is nothing to sync of a folder. A file is durable on its
// DataNodes once sync has returned (docs/hdfs.md says what dfs.datanode.synconclose adds). HDFS has no exchange of two
// folders in one step and no second name for a file. A file that is removed cannot be read any more, even if it is open.
#pragma once

#include <memory>
#include <string>

#include "io/hdfs/webhdfs.h"
#include "run/interfaces/disk.h"

namespace tidemark {

struct HdfsModes {
  unsigned file = 0644, folder = 0755;  // of what is made; HDFS applies its umask to neither
};

// `locks` takes the locks: processes that work on one lake share a folder of this machine, the data directory. Outlives
// the disk that is made. Errors are retryable, name the path and the cure.
std::unique_ptr<Disk> make_hdfs_disk(HdfsAccess access, HdfsModes modes, Disk& locks, std::string lock_folder);

// Makes the folder, writes a file there, reads it, renames it and removes it: the rights that a lake needs.
// Error::setup tells which one is missing and the cure; other errors (no NameNode, safe mode) are none of the settings.
Result<void> probe_hdfs(const HdfsAccess& access, const std::string& folder, HdfsModes modes);

}  // namespace tidemark
