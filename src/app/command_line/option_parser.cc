#include "app/command_line/option_parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <utility>

#include "app/command_line/help.h"
#include "app/config/value_text.h"
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

struct OptionParser::Parser {
  CLI::App app;
  std::deque<std::string> optional_values;
};

OptionParser::OptionParser(const VerbSpec& verb) : verb_(verb), parser_(std::make_unique<Parser>()) {
  parser_->app.set_help_flag("-h,--help", "");
  parser_->app.allow_windows_style_options(false);
}
OptionParser::~OptionParser() = default;

void OptionParser::heading(std::string_view group) { options_help_ += fmt::format("\n{}:\n", group); }

void OptionParser::value(std::string_view name, std::string_view argument, std::string_view default_text,
                         std::string_view help, const std::function<void(const std::string&)>& take) {
  parser_->app.add_option_function<std::string>("--" + std::string(name), take)->type_name(std::string(argument));
  std::string sentence(help);
  if (!default_text.empty()) sentence += fmt::format(" (default: {})", default_text);
  explain(fmt::format("--{} {}", name, argument), sentence);
}

void OptionParser::refuse_value(const std::string& message) { throw CLI::ValidationError(message); }

void OptionParser::optional_value(std::string_view name, std::string_view argument, std::string_view implied,
                                  std::string_view help, const std::function<void(const std::string&)>& take) {
  std::string& text = parser_->optional_values.emplace_back();
  parser_->app.add_flag(fmt::format("--{}{{{}}}", name, implied), text)->each(take);
  explain(fmt::format("--{}[={}]", name, argument), help);
}

void OptionParser::file(std::string_view name, std::string_view help, std::optional<std::filesystem::path>& field) {
  value(name, "FILE", "", help, [&field](const std::string& text) { field = text; });
}

void OptionParser::toggle(std::string_view name, std::string_view help, std::function<void(bool)> take) {
  parser_->app.add_flag_callback("--" + std::string(name), [take = std::move(take)] { take(true); });
  explain(fmt::format("--{}", name), help);
}

void OptionParser::operands(std::string_view argument, std::string_view help, std::vector<std::string>& into) {
  parser_->app.add_option("operands", into);
  explain(std::string(argument), help);
}

void OptionParser::explain(std::string_view what, std::string_view help) {
  options_help_ += beside(fmt::format("  {}", what), help);
}

std::string OptionParser::help() const {
  return fmt::format("tidemark {}: {}\n\nUsage: tidemark {} {}\n\n{}\n{}\n  -h, --help{}this\n\nExamples:\n{}\n\n{}",
                     verb_.name, verb_.summary, verb_.name, verb_.usage, verb_.about, options_help_,
                     std::string(help_column - 12, ' '), verb_.examples, exit_code_text);
}

Result<std::optional<HelpRequest>> OptionParser::parse(Words words) {
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

std::unexpected<Error> OptionParser::failed(std::string_view message) const {
  return std::unexpected(Error::setup(fmt::format("{}\nTry: tidemark {} --help", message, verb_.name)));
}

std::string OptionParser::unexpected_word() const {
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

void add_memory(OptionParser& parser, std::uint64_t& bytes) {
  parser.value("memory", "SIZE", "1GB", "what needs more is refused by name", bytes, read_verb_memory);
}

}  // namespace tidemark
