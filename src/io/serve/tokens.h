// Tokens: who may ask, and until when, as the lines of a file hold them.
//
//     # the screens in the hall
//     9f2c53c1d07be5a49f2c53c1d07be5a4 hall since 2026-11-22T10:00:00Z until 2027-02-20T10:00:00Z
//
// A line is the token, then, each if it is wanted: a name, since when, until when. A file of one line with nothing but
// a token is one, too.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"

namespace tidemark {

struct Token {
  std::string text;  // never to be shown
  std::string name;  // may be empty
  std::optional<EventTime> since, until;
  std::size_t line = 0;  // of its file, from 1

  bool is_valid(EventTime now) const { return !until || now < *until; }
  // What people call it: its name, else its line.
  std::string called() const { return name.empty() ? "line-" + std::to_string(line) : name; }
};

// Why a text can be no token; nothing when it can.
std::optional<std::string> fault_in_token(std::string_view text);
// The same for a name: letters, digits, dot, dash and underscore, at most 32, and none that a line has.
std::optional<std::string> fault_in_token_name(std::string_view name);

// None for an empty line and a comment.
Result<std::optional<Token>> parse_token_line(std::string_view line, std::size_t number);
std::string format_token_line(const Token& token);

// Of a whole file. Error::setup names the line, and never what stands in it; no token at all is an error.
Result<std::vector<Token>> parse_tokens(std::string_view text);

// One that was set by itself: it has no name and no end.
std::vector<Token> single_token(std::string text);

// Takes as long whether the first character is wrong or the last.
bool equal_in_constant_time(std::string_view given, std::string_view secret);

}  // namespace tidemark
