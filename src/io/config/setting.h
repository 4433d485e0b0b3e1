// A setting: one thing an operator may decide, under the same name wherever it is said.
//
//     store-every  =  --store-every 30s  =  TIDEMARK_STORE_EVERY=30s  =  store-every = "30s" in tidemark.toml
//
// This room carries settings as text, with their origin. What the text means is decided by the table of settings
// (app/config/settings.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/net/secret.h"

namespace tidemark {

enum class SettingKind : std::uint8_t {
  Value,
  List,    // several texts; written in one, they are separated by commas
  Switch,  // "true" or "false"
  Secret,  // only from the environment or .env
};

struct SettingSpec {
  std::string_view name;  // "store-every"
  SettingKind kind = SettingKind::Value;
  std::string_view group;         // heading in the help
  std::string_view argument;      // "DURATION"; empty for a switch
  std::string_view default_text;  // as somebody would write it; empty for none
  std::string_view help;          // one sentence
  std::string_view alias = {};    // name in the environment that people have already: "SYMBOLS"
  std::string_view more = {};     // what docs/configuration.md adds to the help, as Markdown
};

// A kind of table that tidemark.toml may hold any number of times, each below a heading [[NAME]]. No key is a secret: a
// table names the file that holds one.
struct TableSpec {
  std::string_view name;                            // "alert"
  std::string_view help;                            // one sentence
  std::span<const SettingSpec> keys;                // their groups are not used
  std::span<const std::string_view> required = {};  // keys that each table must have
};

// One thing that somebody said, and where.
struct Assignment {
  const SettingSpec* setting = nullptr;
  std::vector<std::string> texts;  // exactly one, but for a list; none for a secret
  Secret secret;
  std::string origin;  // "--port", "TIDEMARK_PORT", ".env:3", "tidemark.toml:7"
};

// One table that somebody wrote, and where.
struct TableEntry {
  TableSpec table;
  std::size_t number = 0;          // of this kind in the file, from 1
  std::string origin;              // "tidemark.toml:7": its heading
  std::vector<Assignment> values;  // of each key, in the spec's order, as effective_values() gives them
};

// The table as messages name it: "[[alert]] 2".
std::string name_of(const TableEntry& entry);

const SettingSpec* find_setting(std::span<const SettingSpec> settings, std::string_view name);

// "TIDEMARK_STORE_EVERY"
std::string environment_name(const SettingSpec& setting);

// The texts that one piece of text means for this setting: a list is separated at its commas.
std::vector<std::string> split_for(const SettingSpec& setting, std::string_view text);

}  // namespace tidemark
