// The log, looked through record by record: whether it is what was written, and whether a run could go on from it.
//
// Only reads, also while another process writes it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

enum class LogCheck : std::uint8_t { Quick, Full };  // of the database's pages: without its indexes, or with them

struct VerifyLogOptions {
  LogCheck check = LogCheck::Quick;
  std::function<bool(std::uint64_t records)> watch;  // told how many records are done; false ends it
};

struct LogVerdict {
  std::uint64_t bytes = 0;
  std::array<std::uint64_t, topic_count> records{};
  // Of all records: those whose checksum is right, those that an older version wrote without one, and those whose is wrong.
  std::uint64_t covered = 0, not_covered = 0, damaged = 0;
  std::array<Position, topic_count> covered_from{};  // records from there on have a checksum
  std::vector<Damage> damages;
  std::uint64_t records_in_all() const;
};

// `log` was opened to be read only, and is the one in this file. An error: it could not be looked at to the end.
Result<LogVerdict> verify_log(Log& log, const std::filesystem::path& file, const VerifyLogOptions& options);

}  // namespace tidemark
