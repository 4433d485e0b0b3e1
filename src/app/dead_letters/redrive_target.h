// The door by which records of dead letters come back into the log: the log itself where nobody works on the data
// directory, else the process that does.
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
  // As Redrive does it; in the order of the letters.
  virtual Result<Redriven> append(std::span<const ReturningRecord> records) = 0;
  virtual Result<void> forget(std::span<const Position> letters) = 0;
  // Who judges them, and when.
  virtual std::string judged_by() const = 0;
};

// Asks who works on the directory; takes its lock if nobody does.
Result<std::unique_ptr<RedriveTarget>> open_redrive_door(const std::filesystem::path& data);

}  // namespace tidemark
