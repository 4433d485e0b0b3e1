#include "io/parquet/parquet_store.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <utility>

#include "core/check.h"
#include "io/parquet/hidden_file.h"
#include "io/parquet/lake.h"
#include "io/parquet/row_writers.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

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

std::string file_name(LakeTable table, LakeDay day, Position from, Position to) {
  return fmt::format("{}/dt={}/{}", to_string(table), to_text(day), published_name(table, from, to));
}

class ParquetStore final : public Store {
 public:
  explicit ParquetStore(ParquetStoreOptions options) : options_(std::move(options)), root_(options_.directory) {}

  // What nobody will show any more: its process is dead.
  Result<void> remove_leftovers() const {
    for (const fs::path& table : {root_ / "stock_trends", root_ / "bars"}) {
      if (auto made = make_folder(table); !made) return made;
      std::error_code error;
      for (fs::directory_iterator day{table, error}, end; !error && day != end; day.increment(error)) {
        std::error_code no_folder;
        if (!day->is_directory(no_folder)) continue;
        if (auto removed = remove_hidden_files(day->path()); !removed) return removed;
      }
      if (error) {
        return std::unexpected(
            Error::retryable(fmt::format("cannot list the folder {}: {}", table.string(), error.message())));
      }
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
    for (HiddenFile& file : written) {
      if (auto shown = file.show(); !shown) return shown;
    }
    for (const std::string& name : files(publication)) {
      if (auto synced = sync_folder((root_ / name).parent_path()); !synced) return synced;
    }
    return {};
  }

 private:
  static std::string trends_file(const Publication& publication, LakeDay day) {
    return file_name(LakeTable::Trends, day, publication.trends_from, publication.trends_to);
  }
  static std::string bars_file(const Publication& publication, LakeDay day) {
    return file_name(LakeTable::Bars, day, publication.bars_from, publication.bars_to);
  }

  template <typename Writer, typename Rows>
  Result<void> write(LakeTable table, const std::string& name, const Rows& rows,
                     std::vector<HiddenFile>& written) const {
    const fs::path path = root_ / name;
    if (auto made = make_folder(path.parent_path()); !made) return made;
    auto file = HiddenFile::create(path);
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
  fs::path root_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_parquet_store(const ParquetStoreOptions& options) {
  CHECK(options.rows_per_group > 0);
  auto store = std::make_unique<ParquetStore>(options);
  if (auto cleaned = store->remove_leftovers(); !cleaned) {
    return std::unexpected(Error::setup("cannot open the lake: " + cleaned.error().message()));
  }
  return store;
}

}  // namespace tidemark
