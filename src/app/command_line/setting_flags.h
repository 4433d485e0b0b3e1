// The flags that settings have on the command line of `tidemark run`, and of verbs that take some of them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "app/command_line/option_parser.h"
#include "app/config/configuration.h"
#include "io/config/setting.h"

namespace tidemark {

// The flags of run, made from the table of its settings.
class SettingFlags {
 public:
  // Those of these groups; all groups if none is named.
  void add_to(OptionParser& parser, std::initializer_list<std::string_view> groups = {}) {
    add_groups(parser, std::vector(groups));
  }
  void add_groups(OptionParser& parser, const std::vector<std::string_view>& groups);
  void add_to(OptionParser& parser, const SettingSpec& setting) { add_to(parser, setting, setting.help); }
  // With the words of a verb for which the setting means something else.
  void add_to(OptionParser& parser, const SettingSpec& setting, std::string_view help);
  // The setting data, of a verb that works on what is there and makes no directory.
  void add_existing_data(OptionParser& parser);
  // To be called after the words were parsed.
  RunRequest take();

 private:
  void say(std::string_view name, std::vector<std::string> texts, std::string origin);

  RunRequest request_;
  std::vector<std::string> files_;
};

}  // namespace tidemark
