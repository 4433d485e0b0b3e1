#include "io/parquet/parquet_store.h"

#include <fmt/core.h>

#include <map>
#include <utility>

#include "core/check.h"
#include "io/parquet/hidden_file.h"
#include "io/parquet/lake.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

EventTime time_of(const Trend& trend) { return trend.window.start; }
EventTime time_of(const JudgedBar& bar) { return bar.values.time; }

// Rows of one day, in the order they came.
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
  ParquetStore(ParquetStoreOptions options, Disk& disk)
      : options_(std::move(options)), disk_(disk), lake_(disk, options_.directory) {}

  // Makes the tables' folders, and takes away what nobody will show any more: its process is dead.
  Result<void> open() const {
    if (auto opened = lake_.open(); !opened) return opened;
    for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
      const auto days = lake_.days(table);
      if (!days) return std::unexpected(days.error());
      for (const LakeDay day : *days)
        if (auto removed = remove_hidden_files(disk_, lake_.folder_of(table, day)); !removed) return removed;
    }
    return {};
  }

  std::vector<std::string> files(const Publication& publication) const override {
    std::vector<std::string> names;
    for (const auto& [day, rows] : by_day(publication.trends)) {
      names.push_back(trends_file(publication, day));
    }
    for (const auto& [day, rows] : by_day(publication.bars)) {
      names.push_back(bars_file(publication, day));
    }
    return names;
  }

  Result<void> publish(const Publication& publication) override {
    std::vector<HiddenFile> written;
    for (const auto& [day, rows] : by_day(publication.trends)) {
      if (auto done = write<TrendWriter>(LakeTable::Trends, trends_file(publication, day), rows, written); !done) {
        return done;
      }
    }
    for (const auto& [day, rows] : by_day(publication.bars)) {
      if (auto done = write<BarWriter>(LakeTable::Bars, bars_file(publication, day), rows, written); !done) {
        return done;
      }
    }
    const auto publishing = lake_.lock_publishing();
    if (!publishing) return std::unexpected(publishing.error());
    for (HiddenFile& file : written)
      if (auto shown = file.show(); !shown) return shown;
    for (const std::string& name : files(publication))
      if (auto synced = disk_.sync_folder(folder_above(path_of(name))); !synced) return synced;
    return {};
  }

 private:
  static std::string name_of(LakeTable table, LakeDay day, Position from, Position to) {
    return fmt::format("{}/dt={}/{}", to_string(table), to_text(day), published_name(table, from, to));
  }
  static std::string trends_file(const Publication& publication, LakeDay day) {
    return name_of(LakeTable::Trends, day, publication.trends_from, publication.trends_to);
  }
  static std::string bars_file(const Publication& publication, LakeDay day) {
    return name_of(LakeTable::Bars, day, publication.bars_from, publication.bars_to);
  }
  std::string path_of(std::string_view name) const { return fmt::format("{}/{}", options_.directory, name); }
  static std::string folder_above(const std::string& path) { return path.substr(0, path.rfind('/')); }

  template <typename Writer, typename Rows>
  Result<void> write(LakeTable table, const std::string& name, const Rows& rows,
                     std::vector<HiddenFile>& written) const {
    const std::string path = path_of(name);
    if (auto made = disk_.make_folder(folder_above(path)); !made) return made;
    auto file = HiddenFile::create(disk_, path);
    if (!file) return std::unexpected(file.error());
    auto columns =
        ColumnFile::create(table, options_.compression, [&](std::string_view bytes) { return file->append(bytes); });
    if (!columns) return std::unexpected(columns.error());
    Writer writer(std::move(*columns), static_cast<std::size_t>(options_.rows_per_group));
    for (const auto* const row : rows)
      if (auto added = writer.add(*row); !added) return added;
    if (auto done = writer.finish(); !done) return done;
    if (auto durable = file->make_durable(); !durable) return durable;
    written.push_back(std::move(*file));
    return {};
  }

  ParquetStoreOptions options_;
  Disk& disk_;
  Lake lake_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_parquet_store(const ParquetStoreOptions& options, Disk& disk) {
  CHECK(options.rows_per_group > 0);
  auto store = std::make_unique<ParquetStore>(options, disk);
  if (auto opened = store->open(); !opened)
    return std::unexpected(Error::setup("cannot open the lake: " + opened.error().message()));
  return store;
}

}  // namespace tidemark
