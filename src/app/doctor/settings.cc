#include "app/doctor/settings.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "app/command_line/command.h"
#include "app/command_line/help.h"
#include "app/command_line/option_parser.h"
#include "app/config/configuration.h"
#include "app/config/settings.h"
#include "app/process/exit_code.h"
#include "core/wire/encode.h"
#include "io/config/setting.h"

namespace tidemark {
namespace {

std::string_view kind_text(SettingKind kind) {
  switch (kind) {
    case SettingKind::Value:
      return "value";
    case SettingKind::List:
      return "list";
    case SettingKind::Switch:
      return "switch";
    case SettingKind::Secret:
      return "secret";
  }
  return "";
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

std::string for_eyes() {
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
  return text;
}

std::string as_json() {
  std::string text;
  for (const SettingSpec& setting : run_settings())
    text += fmt::format(
        "{{\"name\":{},\"kind\":{},\"group\":{},\"argument\":{},\"default\":{},\"environment\":{},\"alias\":{},"
        "\"help\":{}}}\n",
        json_string(setting.name), json_string(kind_text(setting.kind)), json_string(setting.group),
        json_string(setting.argument), json_string(setting.default_text), json_string(environment_name(setting)),
        json_string(setting.alias), json_string(setting.help));
  return text;
}

// The JSON types of a value in tidemark.toml. The program itself checks what the value says.
std::string_view schema_type(SettingKind kind) {
  if (kind == SettingKind::Switch) return R"("type":"boolean")";
  if (kind == SettingKind::List) return R"("type":["array","string","integer"],"items":{"type":"string"})";
  return R"("type":["string","number"])";
}

std::string as_schema() {
  std::string properties;
  for (const SettingSpec& setting : run_settings()) {
    if (setting.kind == SettingKind::Secret) continue;
    properties += fmt::format("{}\n    {}: {{{},\"description\":{}", properties.empty() ? "" : ",",
                              json_string(setting.name), schema_type(setting.kind), json_string(setting.help));
    if (!setting.default_text.empty() && setting.kind != SettingKind::Switch)
      properties += fmt::format(",\"default\":{}", json_string(setting.default_text));
    properties += '}';
  }
  return fmt::format(
      "{{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"tidemark.toml\",\n"
      "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {{{}\n  }}\n}}\n",
      properties);
}

int perform(const SettingsRequest& request) {
  using Form = SettingsRequest::Form;
  const std::string text = request.form == Form::Text   ? for_eyes()
                           : request.form == Form::Json ? as_json()
                                                        : as_schema();
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

Result<Command> parse_settings(const VerbSpec& spec, Words words) {
  using Form = SettingsRequest::Form;
  OptionParser verb(spec);
  bool json = false, schema = false;
  verb.heading("Output");
  verb.toggle("json", "one JSON object a setting", [&](bool on) { json = on; });
  verb.toggle("schema", "a JSON schema of tidemark.toml, for editors", [&](bool on) { schema = on; });
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (json && schema) return verb.failed("--json and --schema are two forms; take one of them");
    return Command(SettingsRequest{json ? Form::Json : schema ? Form::Schema : Form::Text}, perform);
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
  tidemark settings --schema > tidemark.schema.json)",
    .parse = parse_settings};

}  // namespace tidemark
