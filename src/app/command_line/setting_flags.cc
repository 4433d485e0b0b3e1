#include "app/command_line/setting_flags.h"

#include <algorithm>
#include <utility>

namespace tidemark {

void SettingFlags::add_groups(OptionParser& parser, const std::vector<std::string_view>& groups) {
  parser.heading("Configuration");
  parser.value("config", "FILE", "tidemark.toml where you are", "settings under the same names; flags win",
               [this](const std::string& text) { request_.config = text; });
  std::string_view group;
  for (const SettingSpec& setting : run_settings()) {
    if (setting.kind == SettingKind::Secret) continue;
    if (!groups.empty() && std::ranges::find(groups, setting.group) == groups.end()) continue;
    if (setting.group != group) parser.heading(group = setting.group);
    add_to(parser, setting);
  }
}

void SettingFlags::add_existing_data(OptionParser& parser) {
  add_to(parser, *find_setting(run_settings(), "data"), "the directory of log and lake; it must be there");
}

RunRequest SettingFlags::take() {
  if (!files_.empty()) say("files", std::move(files_), "command line");
  return std::move(request_);
}

void SettingFlags::add_to(OptionParser& parser, const SettingSpec& setting, std::string_view help) {
  const std::string flag = "--" + std::string(setting.name);
  if (setting.name == "files") {
    parser.operands("FILE...", help, files_);
  } else if (setting.kind == SettingKind::Switch) {
    parser.toggle(setting.name, help,
                  [this, &setting, flag](bool on) { say(setting.name, {on ? "true" : "false"}, flag); });
  } else {
    parser.value(
        setting.name, setting.argument, setting.default_text, help,
        [this, &setting, flag](const std::string& text) { say(setting.name, split_for(setting, text), flag); });
  }
}

void SettingFlags::say(std::string_view name, std::vector<std::string> texts, std::string origin) {
  request_.flags.push_back({find_setting(run_settings(), name), std::move(texts), {}, std::move(origin)});
}

}  // namespace tidemark
