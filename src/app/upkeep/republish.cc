#include "app/upkeep/republish.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/config/configuration.h"
#include "core/wire/decode.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

constexpr std::size_t records_a_poll = 4'096, rows_per_group = 128 * 1'024;
constexpr int most_attempts = 5;  // at a day to which somebody publishes meanwhile

LakeDay day_of(const Trend& trend) { return std::chrono::floor<std::chrono::days>(trend.window.start); }
LakeDay day_of(const JudgedBar& bar) { return std::chrono::floor<std::chrono::days>(bar.values.time); }

template <typename Writer, typename Decode>
Result<void> write_rows(Log& log, Topic topic, const LostRows& lost, Writer& writer, Decode decode) {
  std::size_t written = 0;
  for (Position from = lost.from; from < lost.to;) {
    const auto batch = log.poll(topic, from, std::min(records_a_poll, static_cast<std::size_t>(lost.to - from)));
    if (!batch) return std::unexpected(batch.error());
    if (batch->empty() || (*batch)[0].position != from) break;
    for (std::size_t i = 0; i < batch->size(); ++i) {
      const auto row = decode((*batch)[i].value);
      if (!row || day_of(*row) != lost.day) continue;
      if (auto added = writer.add(*row); !added) return added;
      ++written;
    }
    from = batch->next_position();
  }
  if (written != lost.rows)
    return std::unexpected(Error::permanent("the log does not hold these rows any more: `tidemark verify` once more"));
  return writer.finish();
}

Result<void> write_file(Log& log, const Lake& lake, const LostRows& lost, const std::string& path) {
  const auto file = lake.disk().create(path);
  if (!file) return std::unexpected(file.error());
  auto columns = ColumnFile::create(lost.table, lake.compression(),
                                    [&](std::string_view bytes) { return (*file)->append(bytes); });
  if (!columns) return std::unexpected(columns.error());
  Result<void> written;
  if (lost.table == LakeTable::Trends) {
    TrendWriter writer(std::move(*columns), rows_per_group);
    written = write_rows(log, Topic::Trends, lost, writer, decode_trend);
  } else {
    BarWriter writer(std::move(*columns), rows_per_group);
    written = write_rows(log, Topic::JudgedBars, lost, writer, decode_judged_bar);
  }
  return written ? (*file)->sync() : written;
}

Result<void> check_place(const Lake& lake, const LostRows& lost, const std::vector<LakeFile>& files) {
  for (const LakeFile& file : files)
    if (file.imported == 0 && file.from < lost.to && lost.from < file.to)
      return std::unexpected(Error::permanent(fmt::format(
          "{} has these offsets in its name, and not the rows: {}", lake.path_of(lost.table, lost.day, file.name),
          lost.table == LakeTable::Trends ? fmt::format("`tidemark recompute --day {}`", to_text(lost.day))
                                          : "bring it back from a backup")));
  return {};
}

Result<void> try_to_republish(Log& log, const Lake& lake, const LostRows& lost) {
  const auto files = lake.files(lost.table, lost.day);
  if (!files) return std::unexpected(files.error());
  if (auto free = check_place(lake, lost, *files); !free) return free;
  const auto folder = lake.begin_day(lost.table, lost.day);
  if (!folder) return std::unexpected(folder.error());
  const std::string name = published_name(lost.table, lost.from, lost.to);
  if (auto written = write_file(log, lake, lost, fmt::format("{}/{}", *folder, name)); !written) return written;
  return lake.exchange_day(lost.table, lost.day, {}, Lake::OtherFiles::Stay);
}

}  // namespace

Result<void> republish(Log& log, const Lake& lake, const LostRows& lost) {
  Result<void> done;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    done = try_to_republish(log, lake, lost);
    if (!done) lake.give_up_day(lost.table, lost.day);
    if (done || !done.error().is_retryable()) break;
  }
  return done;
}

}  // namespace tidemark
