#include "io/config/toml_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

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
  Reader(std::string name, std::span<const SettingSpec> settings) : name_(std::move(name)), settings_(settings) {}

  SettingsRead read(const toml::table& table) {
    for (const auto& [key, node] : table) take(key, node);
    return std::move(read_);
  }

 private:
  void take(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    const auto line = key.source().begin.line;
    if (node.is_table() || node.is_array_of_tables()) {
      return problem(line, fmt::format("\"{}\" is a section, but this file has none: write the settings without "
                                       "a heading",
                                       name));
    }
    const SettingSpec* setting = find_setting(settings_, name);
    if (setting == nullptr) {
      return problem(line, fmt::format("no setting is called \"{}\"{}", name, did_you_mean(name, names())));
    }
    if (setting->kind == SettingKind::Secret) {
      return problem(line, fmt::format("\"{}\" is a secret and does not belong in this file: put it in the "
                                       "environment or in .env as {}",
                                       name, setting->alias.empty() ? environment_name(*setting) : setting->alias));
    }
    auto texts = texts_of(*setting, node);
    if (!texts) {
      return problem(
          line, fmt::format("\"{}\" must be {}", name,
                            setting->kind == SettingKind::List ? "a text or a list of texts" : "a text or a number"));
    }
    read_.assignments.push_back({setting, std::move(*texts), {}, fmt::format("{}:{}", name_, line)});
  }

  void problem(unsigned line, const std::string& message) {
    read_.problems.push_back(Error::setup(fmt::format("{}:{}: {}", name_, line, message)));
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const SettingSpec& setting : settings_) {
      if (setting.kind != SettingKind::Secret) names.emplace_back(setting.name);
    }
    return names;
  }

  std::string name_;
  std::span<const SettingSpec> settings_;
  SettingsRead read_;
};

SettingsRead only(Error problem) { return {{}, {std::move(problem)}}; }

}  // namespace

SettingsRead read_toml_file(const std::filesystem::path& file, std::span<const SettingSpec> settings) {
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
    return Reader(name, settings).read(toml::parse(text.str()));
  } catch (const toml::parse_error& error) {
    return only(
        Error::setup(fmt::format("{}:{}: this is not TOML: {}", name, error.source().begin.line, error.description())));
  }
}

}  // namespace tidemark
