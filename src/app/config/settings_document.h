// The table of settings as documents: JSON lines for programs, a schema of tidemark.toml for editors, and the tables of
// docs/configuration.md.
#pragma once

#include <span>
#include <string>

#include "io/config/setting.h"

namespace tidemark {

// One JSON object a setting; a key of a kind of table names that as "table".
std::string settings_as_json(std::span<const SettingSpec> settings, std::span<const TableSpec> tables);

// A JSON schema, draft 7. What a value must say is the program's to decide.
std::string settings_schema(std::span<const SettingSpec> settings, std::span<const TableSpec> tables);

// A heading and a table for each group, then for each kind of table.
std::string settings_markdown(std::span<const SettingSpec> settings, std::span<const TableSpec> tables);

}  // namespace tidemark
