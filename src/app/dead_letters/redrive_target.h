// RedriveTarget: appends records of dead letters to the log: directly if no process works on the data directory, else
// through that process.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/result.h"
#include "run/dead_letters/redrive.h"

namespace tidemark {

class RedriveTarget {
 public:
  virtual ~RedriveTarget() = default;
  // As in Redrive, in the order of the dead letters.
  virtual Result<Redriven> append(std::span<const ReturningRecord> records) = 0;
  virtual Result<void> forget(std::span<const Position> letters) = 0;
  // A clause for messages: which command judges the records, and when.
  virtual std::string judged_by() const = 0;
};

// Finds out which process works on the directory, and takes the lock if there is none.
Result<std::unique_ptr<RedriveTarget>> open_redrive_target(const std::filesystem::path& data);

}  // namespace tidemark
