// Metastore: the catalog in which Hive, Spark and Trino look up tables, as far as tables of the lake need it.
//
// All calls are from one thread. An error is retryable where a server does not answer, or answers that it cannot now; the
// next call begins with a new connection.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"

namespace tidemark {

struct CatalogColumn {
  std::string name, type;  // the type in Hive's words: "decimal(19,9)"
  friend bool operator==(const CatalogColumn&, const CatalogColumn&) = default;
};

// A table of Parquet files, each partition in a folder of its own.
struct CatalogTable {
  std::string database, name;
  std::string location;     // the URI of its folder
  bool is_external = true;  // its files stay when it is dropped
  bool is_parquet = true;
  std::vector<CatalogColumn> columns, partition_columns;
  std::map<std::string, std::string> parameters;
};

// Of a table with one partition column.
struct CatalogPartition {
  std::string value;     // "2026-11-22"
  std::string location;  // the URI of its folder
  std::map<std::string, std::string> parameters;
};

class Metastore {
 public:
  virtual ~Metastore() = default;

  // Makes the database if it is missing.
  virtual Result<void> ensure_database(const std::string& name) = 0;
  // None if there is no such table.
  virtual Result<std::optional<CatalogTable>> table(const std::string& database, const std::string& name) = 0;
  virtual Result<void> create(const CatalogTable& table) = 0;
  // Appends columns, to the table and to each of its partitions.
  virtual Result<void> add_columns(const CatalogTable& table, std::span<const CatalogColumn> columns) = 0;

  virtual Result<std::vector<CatalogPartition>> partitions(const CatalogTable& table) = 0;
  // Leaves those that are there as they are.
  virtual Result<void> add_partitions(const CatalogTable& table, std::span<const CatalogPartition> partitions) = 0;
  // Replaces the location and these parameters; others stay.
  virtual Result<void> alter_partitions(const CatalogTable& table, std::span<const CatalogPartition> partitions) = 0;
  // Its files stay. Succeeds if it is not there.
  virtual Result<void> drop_partition(const CatalogTable& table, const std::string& value) = 0;
};

}  // namespace tidemark
