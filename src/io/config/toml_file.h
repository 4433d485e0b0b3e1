// tidemark.toml: a flat file of settings, without sections.
//
//     feed    = "replay"
//     files   = ["monday.jsonl.gz"]
//     port    = 8050
//     speed   = "max"
//     symbols = ["AAPL", "MSFT"]
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/result.h"
#include "io/config/setting.h"

namespace tidemark {

// What was understood, and an Error::setup for each thing that was not: unknown name, section, secret, bad TOML.
// Every message begins with file and line.
struct SettingsRead {
  std::vector<Assignment> assignments;
  std::vector<Error> problems;
};

// A file that cannot be read is a problem, too.
SettingsRead read_toml_file(const std::filesystem::path& file, std::span<const SettingSpec> settings);

}  // namespace tidemark
