// Rot of a world's disk: bits that flip in synced sectors, and reads that return other bytes. Drawn from a seed of its own.
#pragma once

#include <cstdint>
#include <string>

#include "sim/computer.h"

namespace tidemark::sim {

class DiskRot {
 public:
  // At most `most` bits flip and `most` reads are wrong; 0 is a disk that does not rot.
  DiskRot(std::uint64_t seed, std::int64_t most, Computer& computer);

  bool is_possible() const { return is_possible_; }
  bool has_struck() const;
  std::int64_t flips() const { return flips_; }

  // Perhaps a bit flips. Returns where; empty when none did.
  std::string step();

 private:
  Computer& computer_;
  bool is_possible_ = false;
  std::int64_t flips_ = 0, flips_left_ = 0, steps_between_flips_ = 1;
};

}  // namespace tidemark::sim
