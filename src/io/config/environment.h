// Settings from the environment and from .env: TIDEMARK_<NAME>, and the names that people have already.
//
// An empty value counts as not set, as it does for compose files. A name TIDEMARK_… that is no setting is a
// problem; all other names belong to other programs and are left alone.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "io/config/setting.h"
#include "io/config/toml_file.h"

namespace tidemark {

// `variables` in the form of environ(7): "NAME=value".
SettingsRead read_environment(std::span<const std::string_view> variables, std::span<const SettingSpec> settings);

// Lines of NAME=value; `export` before it, quotes around the value, comments after # and empty lines are
// understood. A file that is not there holds nothing.
SettingsRead read_env_file(const std::filesystem::path& file, std::span<const SettingSpec> settings);

}  // namespace tidemark
