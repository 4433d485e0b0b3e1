#include "io/embedded/row_check.h"

#include <fmt/format.h>

namespace tidemark {
namespace {

constexpr std::size_t records_at_once = 4'096;

}  // namespace

Result<RowCoverage> check_rows(const std::string& path, const std::function<bool(std::uint64_t records)>& watch) {
  LogReader reader;
  if (auto opened = reader.open(path, {.read_only = true}); !opened) return std::unexpected(opened.error());
  RowCoverage coverage;
  for (const Topic topic : all_topics) {
    const auto extent = reader.extent(topic);
    if (!extent) return std::unexpected(extent.error());
    for (Position next = extent->begin; next < extent->end;) {
      const auto batch = reader.look(topic, next, records_at_once, coverage);
      if (!batch) return std::unexpected(batch.error());
      if (batch->next_position() == next) break;  // trimmed meanwhile
      next = batch->next_position();
      if (!watch(coverage.covered + coverage.not_covered + coverage.damaged.size()))
        return std::unexpected(Error::permanent("interrupted"));
    }
  }
  return coverage;
}

Error damaged_record(const std::string& path, const RowCoverage::Damaged& record) {
  return damaged_log(path, fmt::format("the record at offset {} of {} is not what was written: {}", record.offset,
                                       to_string(record.topic), record.what));
}

}  // namespace tidemark
