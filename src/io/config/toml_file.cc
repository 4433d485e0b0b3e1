#include "io/config/toml_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "io/config/effective.h"
#include "io/config/nearest.h"

namespace tidemark {
namespace {

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return fmt::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::nullopt;
}

std::optional<std::vector<std::string>> texts_of(const SettingSpec& setting, const toml::node& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    const auto text = scalar_text(node);
    if (!text) return std::nullopt;
    return split_for(setting, *text);
  }
  if (setting.kind != SettingKind::List) return std::nullopt;
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    auto text = scalar_text(element);
    if (!text) return std::nullopt;
    texts.push_back(std::move(*text));
  }
  return texts;
}

class Reader {
 public:
  Reader(std::string name, std::span<const SettingSpec> settings, std::span<const TableSpec> tables)
      : name_(std::move(name)), settings_(settings), tables_(tables) {}

  SettingsRead read(const toml::table& file) {
    for (const auto& [key, node] : file) take(key, node);
    return std::move(read_);
  }

 private:
  void take(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    const unsigned line = key.source().begin.line;
    if (const TableSpec* const table = find_table(name); table != nullptr) return take_tables(*table, line, node);
    if (node.is_table() || node.is_array_of_tables()) return problem(line, unknown_section(name));
    const SettingSpec* setting = find_setting(settings_, name);
    if (setting == nullptr)
      return problem(line, fmt::format("no setting is called \"{}\"{}", name, did_you_mean(name, names_in(settings_))));
    if (setting->kind == SettingKind::Secret) {
      return problem(line, fmt::format("\"{}\" is a secret and does not belong in this file: put it in the "
                                       "environment or in .env as {}",
                                       name, setting->alias.empty() ? environment_name(*setting) : setting->alias));
    }
    if (auto said = value_of(*setting, line, node, "")) read_.assignments.push_back(std::move(*said));
  }

  void take_tables(const TableSpec& spec, unsigned line, const toml::node& node) {
    const toml::array* const several = node.as_array();
    if (several == nullptr || !(several->empty() || node.is_array_of_tables()))
      return problem(line, fmt::format("\"{0}\" may occur several times: write its heading as [[{0}]]", spec.name));
    std::size_t number = 0;
    for (const toml::node& each : *several) {
      const std::size_t problems_before = read_.problems.size();
      TableEntry entry{spec, ++number, place(each.source().begin.line), {}};
      take_table(entry, each.source().begin.line, *each.as_table());
      if (read_.problems.size() == problems_before) read_.tables.push_back(std::move(entry));
    }
  }

  void take_table(TableEntry& entry, unsigned heading, const toml::table& table) {
    const std::string prefix = name_of(entry) + ": ";
    std::vector<std::vector<Assignment>> said(1);
    for (const auto& [key, node] : table) {
      const unsigned line = key.source().begin.line;
      const SettingSpec* const known = find_setting(entry.table.keys, key.str());
      if (known == nullptr) {
        problem(line, prefix + unknown_key(entry.table, key.str()));
      } else if (auto value = value_of(*known, line, node, prefix)) {
        said.front().push_back(std::move(*value));
      }
    }
    for (const std::string_view name : entry.table.required)
      if (!table.contains(name))
        problem(heading, fmt::format("{0}\"{1}\" is missing: add {1} = \"{2}\", {3}", prefix, name,
                                     find_setting(entry.table.keys, name)->argument,
                                     find_setting(entry.table.keys, name)->help));
    entry.values = effective_values(entry.table.keys, said);
  }

  std::optional<Assignment> value_of(const SettingSpec& setting, unsigned line, const toml::node& node,
                                     std::string_view prefix) {
    if (auto texts = texts_of(setting, node)) return Assignment{&setting, std::move(*texts), {}, place(line)};
    problem(line, fmt::format("{}\"{}\" must be {}", prefix, setting.name,
                              setting.kind == SettingKind::List ? "a text or a list of texts" : "a text or a number"));
    return std::nullopt;
  }

  const TableSpec* find_table(std::string_view name) const {
    const auto found = std::ranges::find(tables_, name, &TableSpec::name);
    return found == tables_.end() ? nullptr : &*found;
  }

  std::string unknown_section(std::string_view name) const {
    std::vector<std::string> known;
    for (const TableSpec& table : tables_) known.push_back(fmt::format("[[{}]]", table.name));
    if (known.empty())
      return fmt::format("\"{}\" is a section, but this file has none: write the settings without a heading", name);
    return fmt::format("\"{}\" is a section that this file does not have; it has {}, and settings without a heading{}",
                       name, fmt::join(known, ", "), did_you_mean(fmt::format("[[{}]]", name), known));
  }

  // In TOML a setting below a heading belongs to that table.
  std::string unknown_key(const TableSpec& table, std::string_view name) const {
    if (find_setting(settings_, name) != nullptr)
      return fmt::format("\"{0}\" is a setting and no key of [[{1}]]: write it above the first heading", name,
                         table.name);
    return fmt::format("no key is called \"{}\"{}", name, did_you_mean(name, names_in(table.keys)));
  }

  std::string place(unsigned line) const { return fmt::format("{}:{}", name_, line); }

  void problem(unsigned line, const std::string& message) {
    read_.problems.push_back(Error::setup(fmt::format("{}: {}", place(line), message)));
  }

  static std::vector<std::string> names_in(std::span<const SettingSpec> settings) {
    std::vector<std::string> names;
    for (const SettingSpec& setting : settings) {
      if (setting.kind != SettingKind::Secret) names.emplace_back(setting.name);
    }
    return names;
  }

  std::string name_;
  std::span<const SettingSpec> settings_;
  std::span<const TableSpec> tables_;
  SettingsRead read_;
};

SettingsRead only(Error problem) { return {.assignments = {}, .tables = {}, .problems = {std::move(problem)}}; }

}  // namespace

SettingsRead read_toml_file(const std::filesystem::path& file, std::span<const SettingSpec> settings,
                            std::span<const TableSpec> tables) {
  const std::string name = file.filename().string();
  errno = 0;
  std::ifstream stream(file);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || (text.str().empty() && errno != 0)) {
    return only(Error::setup(fmt::format("config: cannot read {}: {}; give --config a file that exists", file.string(),
                                         std::strerror(errno))));
  }
  try {
    return Reader(name, settings, tables).read(toml::parse(text.str()));
  } catch (const toml::parse_error& error) {
    return only(
        Error::setup(fmt::format("{}:{}: this is not TOML: {}", name, error.source().begin.line, error.description())));
  }
}

}  // namespace tidemark
