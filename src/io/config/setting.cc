#include "io/config/setting.h"

namespace tidemark {
namespace {

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

const SettingSpec* find_setting(std::span<const SettingSpec> settings, std::string_view name) {
  for (const SettingSpec& setting : settings) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

std::string environment_name(const SettingSpec& setting) {
  std::string name = "TIDEMARK_";
  for (const char c : setting.name) {
    const bool lower = c >= 'a' && c <= 'z';
    name += c == '-' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::vector<std::string> split_for(const SettingSpec& setting, std::string_view text) {
  if (setting.kind != SettingKind::List) return {std::string(text)};
  std::vector<std::string> texts;
  while (true) {
    const auto comma = text.find(',');
    texts.emplace_back(without_blanks(text.substr(0, comma)));
    if (comma == text.npos) return texts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace tidemark
