// What is damaged in a data directory, and how to repair it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/lake/lake.h"

namespace tidemark {

// Damage that removing a file of the lake does not cure.
struct Damage {
  std::string where;  // "log.db"
  std::string what;
  std::string cure;
};

// A file in the lake that readers should not see.
struct DamagedFile {
  LakeTable table;
  LakeDay day;
  LakeFile file;  // only its name, if the lake did not name the file
  std::string what;
  enum class Rows : std::uint8_t { Its, Elsewhere } rows = Rows::Its;  // Elsewhere: in other files, too
};

// A run of rows of one day that the log has published and still holds, but that the lake lacks.
struct LostRows {
  LakeTable table;
  LakeDay day;
  Position from, to;  // offsets: of the first row, and one past the last
  std::size_t rows;
};

}  // namespace tidemark
