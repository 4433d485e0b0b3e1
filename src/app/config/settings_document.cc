#include "app/config/settings_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/enum_names.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr EnumNames<SettingKind, 4> kind_names{"value", "list", "switch", "secret"};

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

std::string_view schema_type(SettingKind kind) {
  if (kind == SettingKind::Switch) return R"("type":"boolean")";
  if (kind == SettingKind::List) return R"("type":["array","string","integer"],"items":{"type":"string"})";
  return R"("type":["string","number"])";
}

// `"port": {"type":…}`
std::string schema_property(const SettingSpec& setting) {
  std::string property = fmt::format("{}: {{{},\"description\":{}", json_string(setting.name),
                                     schema_type(setting.kind), json_string(setting.help));
  if (!setting.default_text.empty() && setting.kind != SettingKind::Switch)
    property += fmt::format(",\"default\":{}", json_string(setting.default_text));
  return property + '}';
}

// `"alert": {"type":"array","items":{…}}`
std::string schema_property(const TableSpec& table) {
  std::string keys, required;
  for (const SettingSpec& key : table.keys)
    keys += fmt::format("{}\n        {}", keys.empty() ? "" : ",", schema_property(key));
  for (const std::string_view key : table.required)
    required += fmt::format("{}{}", required.empty() ? "" : ",", json_string(key));
  return fmt::format(
      "{}: {{\"type\":\"array\",\"description\":{},\n      \"items\": {{\"type\":\"object\","
      "\"additionalProperties\":false,\"required\":[{}],\"properties\":{{{}\n      }}}}}}",
      json_string(table.name), json_string(table.help), required, keys);
}

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

// "a|b" -> "`a`, `b`": a bar would end the cell.
std::string choices(std::string_view argument) {
  std::string cell;
  while (!argument.empty()) {
    const auto end = std::min(argument.find('|'), argument.size());
    cell += fmt::format("{}{}", cell.empty() ? "" : ", ", code(argument.substr(0, end)));
    argument.remove_prefix(std::min(end + 1, argument.size()));
  }
  return cell;
}

std::string value_cell(const SettingSpec& setting) {
  return setting.kind == SettingKind::Switch ? "`true`, `false`" : choices(setting.argument);
}

std::string meaning_cell(const SettingSpec& setting) {
  std::string cell(setting.help);
  if (setting.kind == SettingKind::Secret) cell += "; environment and `.env` only";
  if (!setting.more.empty()) cell += fmt::format(". {}", setting.more);
  return cell;
}

}  // namespace

std::string settings_as_json(std::span<const SettingSpec> settings, std::span<const TableSpec> tables) {
  std::string text;
  const auto begin = [&](const SettingSpec& setting) {
    text += fmt::format("{{\"name\":{},\"kind\":{},", json_string(setting.name), json_string(kind_names[setting.kind]));
  };
  const auto end = [&](const SettingSpec& setting) {
    text += fmt::format("\"argument\":{},\"default\":{},\"help\":{}}}\n", json_string(setting.argument),
                        json_string(setting.default_text), json_string(setting.help));
  };
  for (const SettingSpec& setting : settings) {
    begin(setting);
    text += fmt::format("\"group\":{},\"environment\":{},\"alias\":{},", json_string(setting.group),
                        json_string(environment_name(setting)), json_string(setting.alias));
    end(setting);
  }
  for (const TableSpec& table : tables)
    for (const SettingSpec& key : table.keys) {
      begin(key);
      text += fmt::format("\"table\":{},", json_string(table.name));
      end(key);
    }
  return text;
}

std::string settings_schema(std::span<const SettingSpec> settings, std::span<const TableSpec> tables) {
  std::string properties;
  const auto add = [&](const std::string& property) {
    properties += fmt::format("{}\n    {}", properties.empty() ? "" : ",", property);
  };
  for (const SettingSpec& setting : settings)
    if (setting.kind != SettingKind::Secret) add(schema_property(setting));
  for (const TableSpec& table : tables) add(schema_property(table));
  return fmt::format(
      "{{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"tidemark.toml\",\n"
      "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {{{}\n  }}\n}}\n",
      properties);
}

std::string settings_markdown(std::span<const SettingSpec> settings, std::span<const TableSpec> tables) {
  std::string text;
  std::string_view group;
  for (const SettingSpec& setting : settings) {
    if (setting.group != group)
      text += fmt::format("{}### {}\n\n| name | value | default | meaning | also known as |\n|---|---|---|---|---|\n",
                          text.empty() ? "" : "\n", group = setting.group);
    text += fmt::format("| {} | {} | {} | {} | {} |\n", code(setting.name), value_cell(setting),
                        code(setting.default_text), meaning_cell(setting), code(setting.alias));
  }
  for (const TableSpec& table : tables) {
    text += fmt::format("\n### [[{}]]\n\n{}\n\n| key | value | default | meaning |\n|---|---|---|---|\n", table.name,
                        table.help);
    for (const SettingSpec& key : table.keys) {
      const bool needed = std::ranges::find(table.required, key.name) != table.required.end();
      text += fmt::format("| {} | {} | {} | {} |\n", code(key.name), value_cell(key),
                          needed ? "required" : code(key.default_text), meaning_cell(key));
    }
  }
  return text;
}

}  // namespace tidemark
