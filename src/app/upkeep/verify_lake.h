// Verifies the lake file by file: which files can be read to the end, and what is wrong with the others.
//
// Takes no lock and changes nothing, so days may be exchanged meanwhile. A day whose files have changed is checked
// again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/data_dir/damage.h"
#include "core/result.h"
#include "io/lake/lake.h"

namespace tidemark {

struct VerifyLakeOptions {
  std::optional<LakeDay> day;                      // none: all
  std::function<bool(std::uint64_t bytes)> watch;  // called with the bytes done; false stops
};

struct TableVerdict {
  std::size_t days = 0, files = 0;
  std::int64_t rows = 0;
  std::int64_t other_contract = 0;  // rows in files that name an older contract, or none
  std::uint64_t bytes = 0;
};

struct LakeVerdict {
  std::array<TableVerdict, 2> tables;  // by LakeTable
  std::vector<DamagedFile> files;
  std::vector<Damage> others;
  std::vector<std::string> notes;  // worth mentioning, but no damage

  TableVerdict& of(LakeTable table) { return tables[static_cast<std::size_t>(table)]; }
};

// The size of the files that would be checked.
Result<std::uint64_t> bytes_to_verify(const Lake& lake, const std::optional<LakeDay>& day);
Result<LakeVerdict> verify_lake(const Lake& lake, const VerifyLakeOptions& options);

}  // namespace tidemark
