// LakePlace: where the lake of a data directory lies: in its folder `lake`, or in HDFS or S3 (the setting lake).
//
//     DATA/lake        the lake, unless the setting says another place
//     DATA/lake-url    the address of a lake elsewhere, the word by which that lake knows this directory, and HDFS's user
//     <lake>/.owner    that word, there: one log publishes into one lake
//
// A directory keeps its lake's place for good, because what was published is nowhere else.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/config/run_options.h"
#include "app/data_dir/remote_place.h"
#include "core/result.h"
#include "io/lake/lake.h"
#include "run/interfaces/disk.h"

namespace tidemark {

inline constexpr std::string_view lake_url_name = "lake-url";

// The lake's folder in a data directory.
std::filesystem::path lake_folder(const std::filesystem::path& data);

class LakePlace {
 public:
  // The place that the settings say.
  explicit LakePlace(const RunOptions& options);
  // The folder in the data directory.
  explicit LakePlace(const std::filesystem::path& data, unsigned lake_mode = usual_lake_mode,
                     PageCompression codec = PageCompression::Zstd);

  enum class Use : std::uint8_t { Question, Change };
  // Where the lake of an existing data directory lies: as the directory remembers it, else as the settings say. An
  // Error::setup if both say something and differ, or if the lake is to be changed and another directory's log publishes
  // there.
  static Result<LakePlace> of_data(RunOptions options, Use use);

  bool is_local() const { return !remote_; }
  Disk& disk() const { return *disk_; }
  const std::string& folder() const { return folder_; }
  // How many files of a publication are made durable side by side: each waits for a server, where there is one.
  std::size_t syncs_at_once() const { return is_local() ? 1 : 4; }
  Lake lake() const { return {*disk_, folder_, codec_}; }
  // "/srv/data/lake", "webhdfs://namenode:9870/lake" or "s3://bucket/lake".
  std::string text() const;
  // Under which Hive and Spark find it: "file:///srv/data/lake", "hdfs://namenode:8020/lake", "s3a://bucket/lake".
  Result<std::string> hadoop_uri() const;
  // Whom the setting lake names as the user there; empty if nobody.
  std::string user() const { return remote_ ? remote_->user() : ""; }
  // What tells people about a lake elsewhere: "docs/s3.md".
  std::string_view document() const { return remote_ ? remote_->document() : "docs/lake.md"; }

  // An Error::setup unless there is a lake.
  Result<void> expect_lake() const;
  // Whether this process may do there what a lake needs; always, of a local lake. Error::setup has the cure.
  Result<void> probe() const;
  // That probe; then ties the data directory, which exists, to this place. An Error::setup if either belongs to another.
  Result<void> claim(const std::filesystem::path& data) const;

 private:
  Error another_log() const;
  Result<void> own(const std::string& word) const;

  std::unique_ptr<RemotePlace> remote_;  // none: the folder in the data directory
  PageCompression codec_;
  std::unique_ptr<Disk> locks_, disk_;
  std::string folder_;
};

}  // namespace tidemark
