// The settings of `tidemark run`, as data: one line a setting, from which come flags, environment, tidemark.toml, help, doctor,
// docs/configuration.md and `tidemark settings`. To add a setting is a line in settings.cc (one of a feed: in its file of
// app/feeds) and its member in RunOptions.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "io/config/setting.h"

namespace tidemark {

struct RunSetting {
  SettingSpec spec;
  // Fills the options with what was said, which has a text (or a secret). Otherwise what the text must be.
  std::expected<void, std::string> (*take)(RunOptions& options, const Assignment& said);
};

// In the order in which help, docs and doctor show them.
std::span<const RunSetting> run_setting_table();
// The same without what they mean.
std::span<const SettingSpec> run_settings();

// Groups of settings, which are headings of the help.
inline constexpr std::string_view feed_group = "Where bars come from";
inline constexpr std::string_view window_group = "Windows";
inline constexpr std::string_view page_group = "Page and API";
inline constexpr std::string_view console_group = "Console";
inline constexpr std::string_view storage_group = "Storage";
inline constexpr std::string_view hdfs_group = "HDFS";
inline constexpr std::string_view s3_group = "S3";
inline constexpr std::string_view hive_group = "Hive";
inline constexpr std::string_view kafka_group = "Kafka";
inline constexpr std::string_view operation_group = "Operation";

}  // namespace tidemark
