// What is damaged in a data directory, and what a person can do about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/lake/lake.h"

namespace tidemark {

// Something that no file of the lake can be taken away for.
struct Damage {
  std::string where;  // "log.db"
  std::string what;
  std::string cure;
};

// A file in the lake that readers should not meet.
struct DamagedFile {
  LakeTable table;
  LakeDay day;
  LakeFile file;  // with its name alone where the lake did not give it
  std::string what;
  enum class Rows : std::uint8_t { Its, Elsewhere } rows = Rows::Its;  // those elsewhere are not missed when it goes
};

// Rows that the log has published and still holds, and that the lake has not: one behind the other, of one day.
struct LostRows {
  LakeTable table;
  LakeDay day;
  Position from, to;  // offsets of the first, and behind the last
  std::size_t rows;
};

}  // namespace tidemark
