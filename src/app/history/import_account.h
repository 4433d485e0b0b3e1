// ImportAccount: what became of each row of an import, file by file, and the reasons to refuse the import.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/run_options.h"
#include "app/history/import.h"
#include "core/result.h"
#include "core/time/time.h"
#include "core/wire/reject.h"
#include "io/lake/import_part.h"

namespace tidemark {

// The first rejected rows of a reason and field, for messages.
struct RejectSample {
  Reason reason = Reason::BadRow;
  std::string field;
  std::int64_t count = 0;
  std::vector<std::int64_t> lines;  // the first few, from 1
  std::string record;               // of the first one
};

// read = imported + superseded + identical + poorer + rejected.
struct FileAccount {
  std::string name;
  ImportFormat format = ImportFormat::Auto;
  std::uint64_t bytes = 0;
  bool is_lake_file = false;
  std::int64_t read = 0;
  RowCounts rows;
  std::map<Reason, std::int64_t> rejected;
  std::vector<RejectSample> samples;
  std::optional<Duration> interval;  // found from its bars, or given

  bool is_foreign_table() const;  // CSV, or Parquet not written by a lake
  std::int64_t rejected_in_all() const;
  void reject(const Reject& reject, std::int64_t line, std::string_view record);
};

struct ImportAccount {
  std::vector<FileAccount> files;  // in the order in which reading them began
  FileAccount in_all() const;      // without name, format and samples
};

// "3 bad_timestamp, 1 missing"
std::string reasons_text(const std::map<Reason, std::int64_t>& rejected);
// "390 read = 380 imported + 0 superseded + 9 identical + 0 poorer + 1 rejected"
std::string account_text(const FileAccount& account);
// `"read":390,"imported":380,…,"rejected":1,"reasons":{…}`
std::string account_members(const FileAccount& account);

// The first rejected rows of all files, for --strict.
std::string samples_text(const ImportAccount& account);

// Why the rejected rows of a file prevent the import, with lines and the cure; none if they do not. `rejects` is the
// file with them.
std::optional<std::string> rejects_refusal(const FileAccount& file, const ImportOptions& options,
                                           const std::string& rejects);
std::optional<std::string> contradiction_refusal(const ImportAccount& account, const ContradictingRows& example,
                                                 const ImportOptions& options);
std::string whole_day_refusal(const ImportAccount& account, const WholeDayBar& bar);
std::string feed_refusal(const ImportAccount& account, const FeedConflict& conflict, const ImportOptions& options,
                         const std::string& lake);

}  // namespace tidemark
