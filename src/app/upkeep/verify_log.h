// Verifies the log record by record: whether it is what was written, and whether a run could continue from it.
//
// Only reads, also while another process writes to the log.
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

enum class LogCheck : std::uint8_t { Quick, Full };  // of the database's pages: without or with its indexes

struct VerifyLogOptions {
  LogCheck check = LogCheck::Quick;
  std::function<bool(std::uint64_t records)> watch;  // called with the records done; false stops
};

struct LogVerdict {
  std::uint64_t bytes = 0;
  std::array<std::uint64_t, topic_count> records{};
  // The numbers of records with a correct checksum, of records that an older version wrote without one, and of records
  // with a wrong one.
  std::uint64_t covered = 0, not_covered = 0, damaged = 0;
  std::array<Position, topic_count> covered_from{};  // records from these offsets on have a checksum
  std::vector<Damage> damages;
  std::uint64_t records_in_all() const;
};

// `log` is the log in `file`, opened read-only. An error means that it could not be checked to the end.
Result<LogVerdict> verify_log(Log& log, const std::filesystem::path& file, const VerifyLogOptions& options);

}  // namespace tidemark
