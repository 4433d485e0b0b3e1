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
    std::ranges::move(read.problems, std::back_inserter(configuration.problems));
  };
  add(read_environment(sources.environment, run_settings()));
  add(read_env_file(sources.folder / ".env", run_settings()));
  std::error_code ignored;
  configuration.has_env_file = std::filesystem::exists(sources.folder / ".env", ignored);
  configuration.file = find_file(sources);
  if (configuration.file) add(read_toml_file(*configuration.file, run_settings()));

  configuration.part = sources.part;
  configuration.values = effective_values(run_settings(), layers);
  for (const RunSetting& setting : run_setting_table()) {
    const Assignment& said = value_of(configuration, setting.spec.name);
    if (said.texts.empty() && said.secret.empty()) continue;
    if (const auto taken = setting.take(configuration.options, said); !taken)
      configuration.problems.push_back(Error::setup(fmt::format("{}: must be {}, not \"{}\" ({})", setting.spec.name,
                                                                taken.error(), shown_value(said), said.origin)));
  }
  apply_rules(configuration);
  return configuration;
}

std::string shown_value(const Assignment& value) {
  if (value.setting->kind == SettingKind::Secret) return std::string(format_as(value.secret));
  return fmt::format("{}", fmt::join(value.texts, ","));
}

}  // namespace tidemark
