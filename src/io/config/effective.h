// Effective values: what holds after everybody has spoken. Flags go before the environment, the environment
// before .env, .env before tidemark.toml, tidemark.toml before the default.
#pragma once

#include <span>
#include <vector>

#include "io/config/setting.h"

namespace tidemark {

// For each setting, in the table's order, the first assignment that the layers hold, the strongest layer first;
// else its default with origin "default" (no texts where it has none).
std::vector<Assignment> effective_values(std::span<const SettingSpec> settings,
                                         std::span<const std::vector<Assignment>> layers);

}  // namespace tidemark
