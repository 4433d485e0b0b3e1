#include "app/command_line/verb_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <utility>

#include "app/config/configuration.h"
#include "app/command_line/help.h"
#include "io/config/nearest.h"

namespace tidemark {
namespace {

// From CLI11's "--port: 1 required PORT missing" or "--port: At Most 1 required but received 2".
std::string wrong_count(std::string_view message) {
  const std::string_view option = message.substr(0, message.find(':'));
  const bool too_many = message.find("received") != message.npos;
  return fmt::format("{} {}", option, too_many ? "may be given only once" : "needs a value behind it");
}

}  // namespace

struct Verb::Parser {
  CLI::App app;
  std::deque<std::string> optional_values;
};

Verb::Verb(std::string_view name) : text_(*find_verb(name)), parser_(std::make_unique<Parser>()) {
  parser_->app.set_help_flag("-h,--help", "");
  parser_->app.allow_windows_style_options(false);
}
Verb::~Verb() = default;

void Verb::heading(std::string_view group) { options_help_ += fmt::format("\n{}:\n", group); }

void Verb::value(std::string_view name, std::string_view argument, std::string_view default_text, std::string_view help,
                 const std::function<void(const std::string&)>& take) {
  parser_->app.add_option_function<std::string>("--" + std::string(name), take)->type_name(std::string(argument));
  std::string sentence(help);
  if (!default_text.empty()) sentence += fmt::format(" (default: {})", default_text);
  explain(fmt::format("--{} {}", name, argument), sentence);
}

void Verb::refuse_value(const std::string& message) { throw CLI::ValidationError(message); }

void Verb::optional_value(std::string_view name, std::string_view argument, std::string_view implied,
                          std::string_view help, const std::function<void(const std::string&)>& take) {
  std::string& text = parser_->optional_values.emplace_back();
  parser_->app.add_flag(fmt::format("--{}{{{}}}", name, implied), text)->each(take);
  explain(fmt::format("--{}[={}]", name, argument), help);
}

void Verb::file(std::string_view name, std::string_view help, std::optional<std::filesystem::path>& field) {
  value(name, "FILE", "", help, [&field](const std::string& text) { field = text; });
}

void Verb::toggle(std::string_view name, std::string_view help, std::function<void(bool)> take) {
  parser_->app.add_flag_callback("--" + std::string(name), [take = std::move(take)] { take(true); });
  explain(fmt::format("--{}", name), help);
}

void Verb::operands(std::string_view argument, std::string_view help, std::vector<std::string>& into) {
  parser_->app.add_option("operands", into);
  explain(std::string(argument), help);
}

void Verb::explain(std::string_view what, std::string_view help) {
  options_help_ += beside(fmt::format("  {}", what), help);
}

std::string Verb::help() const {
  return fmt::format("tidemark {}: {}\n\nUsage: tidemark {} {}\n\n{}\n{}\n  -h, --help{}this\n\nExamples:\n{}\n\n{}",
                     text_.name, text_.summary, text_.name, text_.usage, text_.about, options_help_,
                     std::string(help_column - 12, ' '), text_.examples, exit_code_text);
}

Result<std::optional<HelpRequest>> Verb::parse(std::span<const std::string> words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
  try {
    parser_->app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return HelpRequest{help()};
  } catch (const CLI::ExtrasError&) {
    return failed(unexpected_word());
  } catch (const CLI::ArgumentMismatch& error) {
    return failed(wrong_count(error.what()));
  } catch (const CLI::ParseError& error) {
    return failed(error.what());
  }
  return std::nullopt;
}

std::unexpected<Error> Verb::failed(std::string_view message) const {
  return std::unexpected(Error::setup(fmt::format("{}\nTry: tidemark {} --help", message, text_.name)));
}

std::string Verb::unexpected_word() const {
  const auto extras = parser_->app.remaining();
  const auto found = std::ranges::find_if(extras, [](const std::string& word) { return word.starts_with('-'); });
  if (found == extras.end()) {
    return fmt::format("unexpected word \"{}\"", extras.empty() ? std::string() : extras.front());
  }
  const std::string option = found->substr(0, found->find('='));
  std::vector<std::string> names{"--help"};
  for (const CLI::Option* known : parser_->app.get_options()) {
    for (const std::string& name : known->get_lnames()) names.push_back("--" + name);
  }
  return fmt::format("unknown option {}{}", option, did_you_mean(option, names));
}

void RunFlags::add_to(Verb& verb, std::initializer_list<std::string_view> groups) {
  verb.heading("Configuration");
  verb.value("config", "FILE", "tidemark.toml where you are", "settings under the same names; flags win",
             [this](const std::string& text) { request_.config = text; });
  std::string_view group;
  for (const SettingSpec& setting : run_settings()) {
    if (setting.kind == SettingKind::Secret) continue;
    if (groups.size() > 0 && std::ranges::find(groups, setting.group) == groups.end()) continue;
    if (setting.group != group) verb.heading(group = setting.group);
    add_to(verb, setting);
  }
}

RunRequest RunFlags::take() {
  if (!files_.empty()) say("files", std::move(files_), "command line");
  return std::move(request_);
}

void RunFlags::add_to(Verb& verb, const SettingSpec& setting, std::string_view help) {
  const std::string flag = "--" + std::string(setting.name);
  if (setting.name == "files") {
    verb.operands("FILE...", help, files_);
  } else if (setting.kind == SettingKind::Switch) {
    verb.toggle(setting.name, help,
                [this, &setting, flag](bool on) { say(setting.name, {on ? "true" : "false"}, flag); });
  } else {
    verb.value(setting.name, setting.argument, setting.default_text, help,
               [this, &setting, flag](const std::string& text) { say(setting.name, split_for(setting, text), flag); });
  }
}

void RunFlags::say(std::string_view name, std::vector<std::string> texts, std::string origin) {
  request_.flags.push_back({find_setting(run_settings(), name), std::move(texts), {}, std::move(origin)});
}

}  // namespace tidemark
