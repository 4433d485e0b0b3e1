// Tokens: who may connect, and until when, as the lines of a file.
//
//     # the screens in the hall
//     9f2c53c1d07be5a49f2c53c1d07be5a4 hall since 2026-11-22T10:00:00Z until 2027-02-20T10:00:00Z
//
// A line is the token, then optionally a name, since when, and until when. A file with a single token and nothing else
// is valid, too.
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
  std::string text;  // never shown
  std::string name;  // may be empty
  std::optional<EventTime> since, until;
  std::size_t line = 0;  // of its file, from 1

  bool is_valid(EventTime now) const { return !until || now < *until; }
  // Its name, or else its line, for messages.
  std::string called() const { return name.empty() ? "line-" + std::to_string(line) : name; }
};

// Why a text cannot be a token; empty if it can.
std::optional<std::string> fault_in_token(std::string_view text);
// The same for a name: letters, digits, dot, dash and underscore, at most 32, and not a keyword of the file.
std::optional<std::string> fault_in_token_name(std::string_view name);

// Empty for an empty line and a comment.
Result<std::optional<Token>> parse_token_line(std::string_view line, std::size_t number);
std::string format_token_line(const Token& token);

// Parses a whole file. Error::setup names the line but never its content. A file without tokens is an error.
Result<std::vector<Token>> parse_tokens(std::string_view text);

// A token set directly, without name and end.
std::vector<Token> single_token(std::string text);

// Takes equally long whether the first or the last character differs.
bool equal_in_constant_time(std::string_view given, std::string_view secret);

}  // namespace tidemark
