#include "io/parquet/parquet_store.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <utility>

#include "core/check.h"
#include "core/time/timestamp.h"
#include "io/parquet/hidden_file.h"
#include "io/parquet/parquet_file.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

// Rows of one day, in the order they came.
template <typename Row>
using Days = std::map<std::string, std::vector<const Row*>>;

Days<Trend> by_day(const std::vector<Trend>& trends) {
  Days<Trend> days;
  for (const Trend& trend : trends) days[format_date(trend.window.start)].push_back(&trend);
  return days;
}

Days<JudgedBar> by_day(const std::vector<JudgedBar>& bars) {
  Days<JudgedBar> days;
  for (const JudgedBar& bar : bars) days[format_date(bar.values.time)].push_back(&bar);
  return days;
}

std::string file_name(std::string_view table, std::string_view day, std::string_view kind, Position from, Position to) {
  return fmt::format("{}/dt={}/{}-{:012}-{:012}.parquet", table, day, kind, from, to);
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
      if (auto done = write(trends_file(publication, day), rows, write_trends, written); !done) {
        return done;
      }
    }
    for (const auto& [day, rows] : by_day(publication.bars)) {
      if (auto done = write(bars_file(publication, day), rows, write_bars, written); !done) {
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
  static std::string trends_file(const Publication& publication, std::string_view day) {
    return file_name("stock_trends", day, "trends", publication.trends_from, publication.trends_to);
  }
  static std::string bars_file(const Publication& publication, std::string_view day) {
    return file_name("bars", day, "bars", publication.bars_from, publication.bars_to);
  }

  template <typename Rows, typename WriteRows>
  Result<void> write(const std::string& name, const Rows& rows, WriteRows write_rows,
                     std::vector<HiddenFile>& written) const {
    const fs::path path = root_ / name;
    if (auto made = make_folder(path.parent_path()); !made) return made;
    auto file = HiddenFile::create(path);
    if (!file) return std::unexpected(file.error());
    if (auto done = write_rows(rows, options_, *file); !done) return done;
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
