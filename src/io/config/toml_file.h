// tidemark.toml: a flat file of settings; below them tables of the kinds that may occur several times.
//
//     feed    = "replay"
//     files   = ["monday.jsonl.gz"]
//     port    = 8050
//     speed   = "max"
//     symbols = ["AAPL", "MSFT"]
//
//     [[KIND]]
//     key = "value"
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/result.h"
#include "io/config/setting.h"

namespace tidemark {

// What was understood, and an Error::setup for each thing that was not: unknown name, section, secret, bad TOML.
// Every message begins with file and line; one about a table names its kind, its number and the key.
struct SettingsRead {
  std::vector<Assignment> assignments;
  std::vector<TableEntry> tables;  // in the order of the file, kind by kind; only those without a problem
  std::vector<Error> problems;
};

// A file that cannot be read is a problem, too.
SettingsRead read_toml_file(const std::filesystem::path& file, std::span<const SettingSpec> settings,
                            std::span<const TableSpec> tables = {});

}  // namespace tidemark
