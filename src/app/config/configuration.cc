#include "app/config/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/config/rules.h"
#include "app/config/settings.h"
#include "core/check.h"
#include "io/config/effective.h"
#include "io/config/environment.h"
#include "io/config/toml_file.h"

namespace tidemark {
namespace {

std::optional<std::filesystem::path> find_file(const ConfigurationSources& sources) {
  if (sources.file) return sources.file;
  constexpr std::string_view variable = "TIDEMARK_CONFIG=";
  for (const std::string_view said : sources.environment) {
    if (said.starts_with(variable) && said.size() > variable.size()) return said.substr(variable.size());
  }
  auto usual = sources.folder / "tidemark.toml";
  std::error_code ignored;
  if (std::filesystem::exists(usual, ignored)) return usual;
  return std::nullopt;
}

// "KEY: must be …" and "[[alert]] 2: KEY: must be …".
Error wrong_value(const Assignment& said, std::string_view must_be, std::string_view prefix = "") {
  return Error::setup(fmt::format("{}{}: must be {}, not \"{}\" ({})", prefix, said.setting->name, must_be,
                                  shown_value(said), said.origin));
}

void take_settings(Configuration& configuration) {
  for (const RunSetting& setting : run_setting_table()) {
    const Assignment& said = value_of(configuration, setting.spec.name);
    if (said.texts.empty() && said.secret.empty()) continue;
    if (const auto taken = setting.take(configuration.options, said); !taken)
      configuration.problems.push_back(wrong_value(said, taken.error()));
  }
}

void take_tables(Configuration& configuration, std::span<const RunTable> kinds) {
  for (const TableEntry& entry : configuration.tables) {
    const auto kind = std::ranges::find(kinds, entry.table.name, [](const RunTable& each) { return each.spec.name; });
    CHECK(kind != kinds.end());
    if (const auto taken = kind->take(configuration.options, entry); !taken)
      configuration.problems.push_back(wrong_value(*taken.error().said, taken.error().must_be, name_of(entry) + ": "));
  }
}

}  // namespace

const Assignment& value_of(const Configuration& configuration, std::string_view name) {
  const auto found =
      std::ranges::find_if(configuration.values, [&](const Assignment& value) { return value.setting->name == name; });
  CHECK(found != configuration.values.end());
  return *found;
}

Configuration configure(const ConfigurationSources& sources) {
  Configuration configuration;
  std::vector<std::vector<Assignment>> layers{sources.flags};
  const auto add = [&](SettingsRead read) {
    layers.push_back(std::move(read.assignments));
    std::ranges::move(read.tables, std::back_inserter(configuration.tables));
    std::ranges::move(read.problems, std::back_inserter(configuration.problems));
  };
  add(read_environment(sources.environment, run_settings()));
  add(read_env_file(sources.folder / ".env", run_settings()));
  std::error_code ignored;
  configuration.has_env_file = std::filesystem::exists(sources.folder / ".env", ignored);
  configuration.file = find_file(sources);
  if (configuration.file) add(read_toml_file(*configuration.file, run_settings(), table_specs(sources.tables)));

  configuration.part = sources.part;
  configuration.values = effective_values(run_settings(), layers);
  take_settings(configuration);
  take_tables(configuration, sources.tables);
  apply_rules(configuration);
  return configuration;
}

std::vector<ShownSetting> shown_settings(const Configuration& configuration) {
  std::vector<ShownSetting> shown;
  for (const Assignment& value : configuration.values)
    shown.push_back({std::string(value.setting->name), shown_value(value), value.origin});
  for (const TableEntry& entry : configuration.tables)
    for (const Assignment& value : entry.values)
      shown.push_back({fmt::format("{}[{}].{}", entry.table.name, entry.number, value.setting->name),
                       shown_value(value), value.origin});
  return shown;
}

std::string shown_value(const Assignment& value) {
  if (value.setting->kind == SettingKind::Secret) return std::string(format_as(value.secret));
  return fmt::format("{}", fmt::join(value.texts, ","));
}

}  // namespace tidemark
