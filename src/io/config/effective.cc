#include "io/config/effective.h"

namespace tidemark {
namespace {

const Assignment* find(std::span<const std::vector<Assignment>> layers, const SettingSpec& setting) {
  for (const auto& layer : layers) {
    for (const Assignment& assignment : layer) {
      if (assignment.setting == &setting) return &assignment;
    }
  }
  return nullptr;
}

Assignment default_of(const SettingSpec& setting) {
  Assignment assignment{&setting, {}, {}, "default"};
  if (!setting.default_text.empty()) assignment.texts = split_for(setting, setting.default_text);
  return assignment;
}

}  // namespace

std::vector<Assignment> effective_values(std::span<const SettingSpec> settings,
                                         std::span<const std::vector<Assignment>> layers) {
  std::vector<Assignment> values;
  for (const SettingSpec& setting : settings) {
    const Assignment* said = find(layers, setting);
    values.push_back(said != nullptr ? *said : default_of(setting));
  }
  return values;
}

}  // namespace tidemark
