#include "io/config/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "io/config/nearest.h"

namespace tidemark {
namespace {

constexpr std::string_view prefix = "TIDEMARK_";

// Names of ours that are no settings: the one that names the configuration file, and what ./dev and the tests say to
// each other in the environment of a program they start.
constexpr std::array<std::string_view, 5> names_of_the_house{"TIDEMARK_CONFIG", "TIDEMARK_FULL", "TIDEMARK_JOBS",
                                                             "TIDEMARK_SHARED", "TIDEMARK_STAGE_SECONDS"};

std::vector<std::string> known_names(std::span<const SettingSpec> settings) {
  std::vector<std::string> names;
  for (const SettingSpec& setting : settings) names.push_back(environment_name(setting));
  return names;
}

Assignment assignment(const SettingSpec& setting, std::string_view value, std::string origin) {
  if (setting.kind == SettingKind::Secret) return {&setting, {}, Secret(std::string(value)), std::move(origin)};
  return {&setting, split_for(setting, value), {}, std::move(origin)};
}

// Collects what one source says. A setting's own name goes before its alias.
class Collector {
 public:
  explicit Collector(std::span<const SettingSpec> settings) : settings_(settings) {}

  // `place` is ".env:3: " or nothing; `origin` says it all.
  void take(std::string_view name, std::string_view value, std::string_view place, std::string origin) {
    for (const SettingSpec& setting : settings_) {
      if (name == setting.alias && !value.empty()) aliases_.push_back(assignment(setting, value, origin));
      if (name != environment_name(setting)) continue;
      if (!value.empty()) read_.assignments.push_back(assignment(setting, value, origin));
      return;
    }
    const bool ours =
        name.starts_with(prefix) && std::ranges::find(names_of_the_house, name) == names_of_the_house.end();
    if (!ours) return;
    read_.problems.push_back(Error::setup(
        fmt::format("{}no setting is called {}{}", place, name, did_you_mean(name, known_names(settings_)))));
  }

  SettingsRead result() {
    for (Assignment& alias : aliases_) {
      const bool said_itself = std::ranges::any_of(
          read_.assignments, [&](const Assignment& other) { return other.setting == alias.setting; });
      if (!said_itself) read_.assignments.push_back(std::move(alias));
    }
    return std::move(read_);
  }

 private:
  std::span<const SettingSpec> settings_;
  std::vector<Assignment> aliases_;
  SettingsRead read_;
};

std::string_view without_white_space(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::string_view unquoted(std::string_view value) {
  if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
    const auto end = value.find(value.front(), 1);
    if (end != value.npos) return value.substr(1, end - 1);
  }
  return without_white_space(value.substr(0, value.find(" #")));
}

struct Variable {
  std::string_view name, value;
};

std::optional<Variable> parse_line(std::string_view line) {
  line = without_white_space(line);
  if (line.starts_with("export ")) line = without_white_space(line.substr(7));
  const auto equals = line.find('=');
  if (line.empty() || line.front() == '#' || equals == line.npos) return std::nullopt;
  return Variable{without_white_space(line.substr(0, equals)), unquoted(without_white_space(line.substr(equals + 1)))};
}

}  // namespace

SettingsRead read_environment(std::span<const std::string_view> variables, std::span<const SettingSpec> settings) {
  Collector collector(settings);
  for (const std::string_view variable : variables) {
    const auto equals = variable.find('=');
    if (equals == variable.npos) continue;
    const std::string_view name = variable.substr(0, equals);
    collector.take(name, variable.substr(equals + 1), "", std::string(name));
  }
  return collector.result();
}

SettingsRead read_env_file(const std::filesystem::path& file, std::span<const SettingSpec> settings) {
  Collector collector(settings);
  std::ifstream stream(file);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const auto variable = parse_line(line);
    if (!variable) continue;
    const std::string place = fmt::format("{}:{}", file.filename().string(), number);
    collector.take(variable->name, variable->value, place + ": ", fmt::format("{} ({})", place, variable->name));
  }
  return collector.result();
}

}  // namespace tidemark
