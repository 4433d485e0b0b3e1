#include "io/lake/parquet_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/check.h"
#include "io/lake/lake.h"
#include "io/lake/stored_rows.h"
#include "io/parquet/hidden_file.h"
#include "io/parquet/in_parallel.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

EventTime time_of(const Trend& trend) { return trend.window.start; }
EventTime time_of(const JudgedBar& bar) { return bar.values.time; }

// The rows of each day, in their original order.
template <typename Row>
using Days = std::map<LakeDay, std::vector<const Row*>>;

template <typename Row>
Days<Row> by_day(const std::vector<Row>& rows) {
  Days<Row> days;
  std::vector<const Row*>* same_day = nullptr;
  LakeDay last;
  for (const Row& row : rows) {
    const LakeDay day = std::chrono::floor<std::chrono::days>(time_of(row));
    if (!same_day || day != last) same_day = &days[last = day];
    same_day->push_back(&row);
  }
  return days;
}

class ParquetStore final : public Store {
 public:
  ParquetStore(const ParquetStoreOptions& options, Disk& disk) : lake_(disk, options.directory), options_(options) {}

  // Removes hidden files of dead processes.
  Result<void> open() const {
    if (auto opened = lake_.open(); !opened || !options_.writer.empty()) return opened;
    return remove_hidden([](LakeTable, std::string_view) { return true; });
  }

  Result<void> take_over(Position from, Position to) override {
    return remove_hidden([&](LakeTable table, std::string_view name) {
      const auto file = parse_lake_file(table, name);
      return file && file->from >= from && file->from < to;
    });
  }

  Result<StoredRows> find(const Publication& rows) const override { return find_stored(lake_, rows); }

  std::vector<std::string> files(const Publication& publication) const override {
    std::vector<std::string> names;
    const auto add = [&](LakeTable table, const auto& days, Position from, Position to) {
      for (const auto& [day, rows] : days)
        names.push_back(fmt::format("{}/dt={}/{}", to_string(table), to_text(day), published_name(table, from, to)));
    };
    add(LakeTable::Trends, by_day(publication.trends), publication.trends_from, publication.trends_to);
    add(LakeTable::Bars, by_day(publication.bars), publication.bars_from, publication.bars_to);
    return names;
  }

  Result<void> publish(const Publication& publication) override {
    std::vector<Written> written;
    for (const auto& [day, rows] : by_day(publication.trends))
      if (auto done =
              write<TrendWriter>(LakeTable::Trends, day, publication.trends_from, publication.trends_to, rows, written);
          !done)
        return done;
    for (const auto& [day, rows] : by_day(publication.bars))
      if (auto done = write<BarWriter>(LakeTable::Bars, day, publication.bars_from, publication.bars_to, rows, written);
          !done)
        return done;
    if (auto durable = make_durable(written); !durable) return durable;
    return show(written);
  }

 private:
  template <typename IsMeant>
  Result<void> remove_hidden(IsMeant is_meant) const {
    for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
      auto removed = remove_hidden_files(lake_.disk(), fmt::format("{}/{}", lake_.folder(), to_string(table)),
                                         [&](std::string_view name) { return is_meant(table, name); });
      if (!removed) return removed;
    }
    return {};
  }

  struct Written {
    std::string folder;  // of its day
    HiddenFile file;
    bool is_durable = false;
  };

  template <typename Writer, typename Rows>
  Result<void> write(LakeTable table, LakeDay day, Position from, Position to, const Rows& rows,
                     std::vector<Written>& written) const {
    auto file =
        HiddenFile::create(lake_.disk(), lake_.path_of(table, day, published_name(table, from, to)), options_.writer);
    if (!file) return std::unexpected(file.error());
    auto columns =
        ColumnFile::create(table, options_.compression, [&](std::string_view bytes) { return file->append(bytes); });
    if (!columns) return std::unexpected(columns.error());
    Writer writer(std::move(*columns), static_cast<std::size_t>(options_.rows_per_group));
    for (const auto* const row : rows)
      if (auto added = writer.add(*row); !added) return added;
    if (auto done = writer.finish(); !done) return done;
    written.push_back({.folder = lake_.folder_of(table, day), .file = std::move(*file)});
    // No more files than this are open at once.
    return written.size() % options_.syncs_at_once == 0 ? make_durable(written) : Result<void>();
  }

  // Those that are not yet.
  Result<void> make_durable(std::vector<Written>& written) const {
    const auto first = std::ranges::find(written, false, &Written::is_durable);
    return in_parallel(static_cast<std::size_t>(written.end() - first), options_.syncs_at_once, [&](std::size_t i) {
      Written& each = first[static_cast<std::ptrdiff_t>(i)];
      each.is_durable = true;
      return each.file.make_durable();
    });
  }

  // Holds the publishing lock only for this moment, in which no day may be exchanged.
  Result<void> show(std::vector<Written>& written) const {
    if (written.empty()) return {};
    const auto publishing = lake_.lock_publishing();
    if (!publishing) return std::unexpected(publishing.error());
    auto shown = in_parallel(written.size(), options_.syncs_at_once, [&](std::size_t i) -> Result<void> {
      if (auto made = lake_.disk().make_folder(written[i].folder); !made) return made;
      return written[i].file.show();
    });
    if (!shown) return shown;
    for (const Written& each : written)
      if (auto synced = lake_.disk().sync_folder(each.folder); !synced) return synced;
    return {};
  }

  Lake lake_;
  ParquetStoreOptions options_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_parquet_store(const ParquetStoreOptions& options, Disk& disk) {
  CHECK(options.rows_per_group > 0 && options.syncs_at_once > 0);
  auto store = std::make_unique<ParquetStore>(options, disk);
  if (auto opened = store->open(); !opened) {
    return std::unexpected(Error::setup("cannot open the lake: " + opened.error().message()));
  }
  return store;
}

}  // namespace tidemark
