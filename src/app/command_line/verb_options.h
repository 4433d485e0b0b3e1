// How a verb's options are read and explained: words in, fields filled, and the text of its help.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/command_line/command_line.h"
#include "core/result.h"

namespace tidemark {

struct VerbText;

class Verb {
 public:
  explicit Verb(std::string_view name);
  ~Verb();
  Verb(const Verb&) = delete;
  Verb& operator=(const Verb&) = delete;

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
  Result<std::optional<HelpRequest>> parse(std::span<const std::string> words);
  std::unexpected<Error> failed(std::string_view message) const;

 private:
  struct Parser;
  [[noreturn]] static void refuse_value(const std::string& message);
  std::string unexpected_word() const;

  const VerbText& text_;
  std::unique_ptr<Parser> parser_;
  std::string options_help_;
};

// The flags of run, made from the table of its settings.
class RunFlags {
 public:
  // Those of these groups; all groups if none is named.
  void add_to(Verb& verb, std::initializer_list<std::string_view> groups = {});
  void add_to(Verb& verb, const SettingSpec& setting) { add_to(verb, setting, setting.help); }
  // With the words of a verb for which the setting means something else.
  void add_to(Verb& verb, const SettingSpec& setting, std::string_view help);
  // To be called after the words were parsed.
  RunRequest take();

 private:
  void say(std::string_view name, std::vector<std::string> texts, std::string origin);

  RunRequest request_;
  std::vector<std::string> files_;
};

}  // namespace tidemark
