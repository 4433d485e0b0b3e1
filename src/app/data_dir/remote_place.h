// RemotePlace: a place for the lake that is no folder of this machine, in HDFS or in S3.
//
// A further kind of store is a member of LakeAddress (app/config/lake_address.h), a file beside hdfs_place.cc and a line in
// make_remote_place.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "app/config/run_options.h"
#include "core/result.h"
#include "run/interfaces/disk.h"

namespace tidemark {

class RemotePlace {
 public:
  virtual ~RemotePlace() = default;
  virtual std::string text() const = 0;    // its address: "webhdfs://namenode:9870/lake"
  virtual std::string user() const = 0;    // whom the address names, beside text(); empty if nobody
  virtual std::string folder() const = 0;  // the path by which its disk knows it: "/lake", "s3://bucket/lake"
  // Under which Hive and Spark find it: "hdfs://namenode:8020/lake", "s3a://bucket/lake". May ask there; an error that may
  // pass is retryable.
  virtual Result<std::string> hadoop_uri() const = 0;
  // `locks` takes the locks, in `lock_folder` of this machine; it outlives the disk.
  virtual std::unique_ptr<Disk> make_disk(Disk& locks, std::string lock_folder) const = 0;
  // Whether this process may do there what a lake needs, on such a disk. Error::setup has the cure.
  virtual Result<void> probe(Disk& disk) const = 0;
  virtual std::string removal(std::string_view name) const = 0;  // a command: "hdfs dfs -rm /lake/.owner"
  virtual std::string_view document() const = 0;                 // "docs/hdfs.md"
};

// The place that the settings name; none if that is the folder in the data directory.
std::unique_ptr<RemotePlace> make_remote_place(const RunOptions& options);

}  // namespace tidemark
