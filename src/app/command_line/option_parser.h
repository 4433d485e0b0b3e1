// How a verb's options are read and explained: words in, fields filled, and the text of its help.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/command_line/command.h"
#include "core/result.h"

namespace tidemark {

class OptionParser {
 public:
  explicit OptionParser(const VerbSpec& verb);
  ~OptionParser();
  OptionParser(const OptionParser&) = delete;
  OptionParser& operator=(const OptionParser&) = delete;

  void heading(std::string_view group);
  void value(std::string_view name, std::string_view argument, std::string_view default_text, std::string_view help,
             const std::function<void(const std::string&)>& take);

  // `read` says what a text means, or what it must be (app/config/value_text.h).
  template <typename Field, typename Read>
  void value(std::string_view name, std::string_view argument, std::string_view default_text, std::string_view help,
             Field& field, Read read) {
    value(name, argument, default_text, help, [name, read, &field](const std::string& text) {
      auto meaning = read(text);
      if (!meaning) refuse_value(fmt::format("--{} must be {}, not \"{}\"", name, meaning.error(), text));
      field = static_cast<Field>(std::move(*meaning));
    });
  }

  // --name alone means `implied`; a value stands behind =, so that what follows is an operand.
  void optional_value(std::string_view name, std::string_view argument, std::string_view implied, std::string_view help,
                      const std::function<void(const std::string&)>& take);
  template <typename Field, typename Read>
  void optional_value(std::string_view name, std::string_view argument, std::string_view implied, std::string_view help,
                      Field& field, Read read) {
    optional_value(name, argument, implied, help, [name, read, &field](const std::string& text) {
      auto meaning = read(text);
      if (!meaning) refuse_value(fmt::format("--{} must be {}, not \"{}\"", name, meaning.error(), text));
      field = static_cast<Field>(std::move(*meaning));
    });
  }

  void file(std::string_view name, std::string_view help, std::optional<std::filesystem::path>& field);
  void toggle(std::string_view name, std::string_view help, std::function<void(bool)> take);
  void operands(std::string_view argument, std::string_view help, std::vector<std::string>& into);
  void explain(std::string_view what, std::string_view help);

  std::string help() const;
  // Nothing when all went well; else the help that was asked for.
  Result<std::optional<HelpRequest>> parse(Words words);
  std::unexpected<Error> failed(std::string_view message) const;

 private:
  struct Parser;
  [[noreturn]] static void refuse_value(const std::string& message);
  std::string unexpected_word() const;

  const VerbSpec& verb_;
  std::unique_ptr<Parser> parser_;
  std::string options_help_;
};

// --memory, of verbs that read Parquet, whose files may be anybody's.
void add_memory(OptionParser& parser, std::uint64_t& bytes);

// What every verb's parse has in common: errors of the words and a call for help go before what `finish` makes of them.
template <typename Finish>
Result<Command> parse_words(OptionParser& parser, Words words, Finish finish) {
  auto help = parser.parse(words);
  if (!help) return std::unexpected(help.error());
  if (*help) return help_command(std::move((*help)->text));
  return finish();
}

}  // namespace tidemark
