// The lake, looked through file by file: what can be read to its end, and what is wrong with the rest.
//
// Takes no lock and changes nothing, so days may be exchanged meanwhile: a day whose files have changed is looked at again.
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
  std::function<bool(std::uint64_t bytes)> watch;  // told how many bytes are done; false ends it
};

struct TableVerdict {
  std::size_t days = 0, files = 0;
  std::int64_t rows = 0;
  std::int64_t other_contract = 0;  // of them, in files that name an older contract, or none
  std::uint64_t bytes = 0;
};

struct LakeVerdict {
  std::array<TableVerdict, 2> tables;  // by LakeTable
  std::vector<DamagedFile> files;
  std::vector<Damage> others;
  std::vector<std::string> notes;  // no damage, but worth a sentence

  TableVerdict& of(LakeTable table) { return tables[static_cast<std::size_t>(table)]; }
};

// What the lake's files weigh, as far as they are looked at.
Result<std::uint64_t> bytes_to_verify(const Lake& lake, const std::optional<LakeDay>& day);
Result<LakeVerdict> verify_lake(const Lake& lake, const VerifyLakeOptions& options);

}  // namespace tidemark
