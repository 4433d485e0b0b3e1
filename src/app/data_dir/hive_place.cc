#include "app/data_dir/hive_place.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "io/hive/hive_metastore.h"
#include "io/hive/hive_tables.h"
#include "io/lake/lake.h"
#include "io/lake/lake_rows.h"

namespace tidemark {
namespace {

constexpr int most_tries = 3;  // while the files of a day are being exchanged

std::string user_of(const RunOptions& options, const LakePlace& place) {
  if (!options.hive->user.empty()) return options.hive->user;
  if (std::string user = place.user(); !user.empty()) return user;
  const passwd* const entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : fmt::to_string(::geteuid());
}

class LakeDays final : public LakeInventory {
 public:
  explicit LakeDays(const LakePlace& place) : lake_(place.lake()) {}

  Result<std::vector<std::string>> days(const std::string& table) override {
    const auto days = lake_.days(table_of(table));
    if (!days) return std::unexpected(days.error());
    std::vector<std::string> texts;
    for (const LakeDay day : *days) texts.push_back(to_text(day));
    return texts;
  }

  Result<std::vector<std::string>> files(const std::string& table, const std::string& day) override {
    auto names = lake_.disk().list(folder_of(table, day));
    if (names) std::erase_if(*names, [](const std::string& name) { return name.starts_with('.'); });
    return names;
  }

  Result<DaySize> size(const std::string& table, const std::string& day) override {
    for (int tries = 1;; ++tries) {
      const auto before = files(table, day);
      if (!before) return std::unexpected(before.error());
      auto size = measure(table, day, *before);
      if (size || tries == most_tries) return size;
      const auto after = files(table, day);  // the names of exchanged files vanish
      if (!after || *after == *before) return size;
    }
  }

 private:
  static LakeTable table_of(const std::string& name) {
    return name == to_string(LakeTable::Trends) ? LakeTable::Trends : LakeTable::Bars;
  }
  std::string folder_of(const std::string& table, const std::string& day) const {
    return fmt::format("{}/{}/dt={}", lake_.folder(), table, day);
  }

  Result<DaySize> measure(const std::string& table, const std::string& day, const std::vector<std::string>& names) {
    DaySize size;
    std::vector<std::string> paths;
    for (const std::string& name : names) {
      paths.push_back(fmt::format("{}/{}", folder_of(table, day), name));
      const auto file = lake_.disk().open(paths.back());
      if (!file) return std::unexpected(file.error());
      size.bytes += (*file)->size();
    }
    const auto rows = LakeRows::count(lake_.disk(), paths);
    if (!rows) return std::unexpected(rows.error());
    size.files = paths.size();
    size.rows = *rows;
    return size;
  }

  Lake lake_;
};

}  // namespace

Result<std::vector<CatalogTable>> hive_tables_of(const RunOptions& options, const LakePlace& place) {
  const auto location = options.hive_location.empty() ? place.hadoop_uri() : options.hive_location;
  if (!location) return std::unexpected(location.error());
  return hive_tables(options.hive_database, *location, options.hive_timestamp);
}

std::unique_ptr<Metastore> open_metastore(const RunOptions& options, const LakePlace& place) {
  return make_hive_metastore({.servers = options.hive->servers, .user = user_of(options, place)});
}

std::unique_ptr<LakeInventory> open_inventory(const LakePlace& place) { return std::make_unique<LakeDays>(place); }

}  // namespace tidemark
