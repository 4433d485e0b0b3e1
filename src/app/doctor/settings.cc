#include "app/doctor/settings.h"

#include <fmt/format.h>

#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/command_line/command.h"
#include "app/command_line/help.h"
#include "app/command_line/option_parser.h"
#include "app/config/configuration.h"
#include "app/config/setting_tables.h"
#include "app/config/settings.h"
#include "app/config/settings_document.h"
#include "app/process/exit_code.h"
#include "io/config/setting.h"

namespace tidemark {
namespace {

std::string for_eyes(std::span<const TableSpec> tables) {
  std::string text;
  std::string_view group;
  for (const SettingSpec& setting : run_settings()) {
    if (setting.group != group) text += fmt::format("{}{}:\n", text.empty() ? "" : "\n", group = setting.group);
    std::string names = environment_name(setting);
    if (!setting.alias.empty()) names += fmt::format(" or {}", setting.alias);
    std::string meaning = fmt::format("{} [{}]", setting.help, names);
    if (!setting.default_text.empty()) meaning += fmt::format(" (default: {})", setting.default_text);
    text += beside(fmt::format("  {}", setting.name), meaning);
  }
  for (const TableSpec& table : tables) {
    text += fmt::format("\n[[{}]] in tidemark.toml, {}:\n", table.name, table.help);
    for (const SettingSpec& key : table.keys) text += beside(fmt::format("  {}", key.name), key.help);
  }
  return text;
}

int perform(const SettingsRequest& request) {
  using Form = SettingsRequest::Form;
  const auto tables = table_specs(run_tables());
  std::string text;
  switch (request.form) {
    case Form::Text:
      text = for_eyes(tables);
      break;
    case Form::Json:
      text = settings_as_json(run_settings(), tables);
      break;
    case Form::Schema:
      text = settings_schema(run_settings(), tables);
      break;
    case Form::Markdown:
      text = settings_markdown(run_settings(), tables);
      break;
  }
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

Result<Command> parse_settings(const VerbSpec& spec, Words words) {
  using Form = SettingsRequest::Form;
  OptionParser verb(spec);
  std::vector<Form> forms;
  const auto form = [&](std::string_view name, std::string_view help, Form wanted) {
    verb.toggle(name, help, [&forms, wanted](bool on) {
      if (on) forms.push_back(wanted);
    });
  };
  verb.heading("Output");
  form("json", "one JSON object a setting", Form::Json);
  form("schema", "a JSON schema of tidemark.toml, for editors", Form::Schema);
  form("markdown", "the tables of docs/configuration.md", Form::Markdown);
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (forms.size() > 1) return verb.failed("--json, --schema and --markdown are three forms; take one of them");
    return Command(SettingsRequest{forms.empty() ? Form::Text : forms.front()}, perform);
  });
}

}  // namespace

extern const VerbSpec settings_verb{
    .name = "settings",
    .summary = "every setting there is, with its default",
    .usage = "[OPTIONS]",
    .about = R"(Lists the settings of `tidemark run`. Each is a flag, a variable of the environment
and a line of tidemark.toml under the same name. `tidemark doctor` shows which
values hold, and who said them.)",
    .examples = R"(  tidemark settings
  tidemark settings --json | jq -r 'select(.group == "Storage") | .name'
  tidemark settings --schema > tidemark.schema.json
  tidemark settings --markdown | grep store-every)",
    .parse = parse_settings};

}  // namespace tidemark
