// A metastore and a lake's inventory in memory, for tests of what registers one in the other.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/interfaces/lake_inventory.h"
#include "run/interfaces/metastore.h"

namespace tidemark {

class MemoryMetastore final : public Metastore {
 public:
  Result<void> ensure_database(const std::string& name) override {
    return change("database " + name, [] {});
  }
  Result<std::optional<CatalogTable>> table(const std::string&, const std::string& name) override {
    if (is_down) return down();
    const auto found = tables.find(name);
    return found == tables.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> create(const CatalogTable& table) override {
    return change("create " + table.name, [&] { tables[table.name] = table; });
  }
  Result<void> add_columns(const CatalogTable& table, std::span<const CatalogColumn> columns) override {
    return change("columns " + table.name, [&] {
      auto& all = tables.at(table.name).columns;
      all.insert(all.end(), columns.begin(), columns.end());
    });
  }
  Result<std::vector<CatalogPartition>> partitions(const CatalogTable& table) override {
    if (is_down) return down();
    std::vector<CatalogPartition> all;
    for (const auto& [value, partition] : stored[table.name]) all.push_back(partition);
    return all;
  }
  Result<void> add_partitions(const CatalogTable& table, std::span<const CatalogPartition> partitions) override {
    return change("add " + table.name, [&] {
      for (const CatalogPartition& each : partitions) stored[table.name].try_emplace(each.value, each);
    });
  }
  Result<void> alter_partitions(const CatalogTable& table, std::span<const CatalogPartition> partitions) override {
    return change("alter " + table.name, [&] {
      for (const CatalogPartition& each : partitions) {
        CatalogPartition& kept = stored[table.name].at(each.value);
        kept.location = each.location;
        for (const auto& [name, value] : each.parameters) kept.parameters[name] = value;
      }
    });
  }
  Result<void> drop_partition(const CatalogTable& table, const std::string& value) override {
    return change("drop " + table.name, [&] { stored[table.name].erase(value); });
  }

  std::vector<std::string> days_of(const std::string& table) {
    std::vector<std::string> days;
    for (const auto& [value, partition] : stored[table]) days.push_back(value);
    return days;
  }

  std::map<std::string, CatalogTable> tables;
  std::map<std::string, std::map<std::string, CatalogPartition>> stored;
  std::vector<std::string> changes;  // "add bars", in their order
  bool is_down = false;

 private:
  template <typename Change>
  Result<void> change(std::string what, Change make) {
    if (is_down) return down();
    changes.push_back(std::move(what));
    make();
    return {};
  }
  static std::unexpected<Error> down() { return std::unexpected(Error::retryable("no metastore answers")); }
};

class MemoryInventory final : public LakeInventory {
 public:
  Result<std::vector<std::string>> days(const std::string& table) override {
    std::vector<std::string> all;
    for (const auto& [day, files] : lake[table]) all.push_back(day);
    return all;
  }
  Result<std::vector<std::string>> files(const std::string& table, const std::string& day) override {
    ++looks;
    return lake[table][day];
  }
  Result<DaySize> size(const std::string& table, const std::string& day) override {
    ++measured;
    const std::size_t files = lake[table][day].size();
    return DaySize{.files = files, .rows = files * 10, .bytes = files * 1'000};
  }

  std::map<std::string, std::map<std::string, std::vector<std::string>>> lake;  // table, day, files
  int looks = 0, measured = 0;
};

inline CatalogTable trends_table() {
  return {.database = "default",
          .name = "stock_trends",
          .location = "hdfs://nn:8020/lake/stock_trends",
          .columns = {{"symbol", "string"}, {"close", "decimal(19,9)"}, {"timestamp", "bigint"}, {"feed", "string"}},
          .partition_columns = {{"dt", "string"}},
          .parameters = {}};
}

inline CatalogTable bars_table() {
  CatalogTable table = trends_table();
  table.name = "bars";
  table.location = "hdfs://nn:8020/lake/bars";
  return table;
}

}  // namespace tidemark
