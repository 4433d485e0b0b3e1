// Parses and writes the lines of a token file.
#include "io/serve/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr std::size_t shortest_token = 16;
constexpr std::size_t longest_name = 32;
constexpr std::string_view since_word = "since", until_word = "until", line_prefix = "line-";

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t")));
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

// Reads the time after `since` or `until`. Returns what is wrong with it.
std::optional<std::string> take_time(std::string_view which, std::string_view& rest, std::optional<EventTime>& time) {
  if (time) return fmt::format("it says {} twice", which);
  time = parse_timestamp(take_word(rest));
  if (!time) return fmt::format("after {} comes no time such as 2026-12-31T00:00:00Z", which);
  return std::nullopt;
}

std::optional<std::string> read_words(std::string_view rest, Token& token) {
  token.text = take_word(rest);
  if (const auto fault = fault_in_token(token.text)) return fault;
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    std::optional<std::string> fault;
    if (word == since_word)
      fault = take_time(since_word, rest, token.since);
    else if (word == until_word)
      fault = take_time(until_word, rest, token.until);
    else if (!token.name.empty() || token.since || token.until)
      fault = "a line is a token, a name, since when, until when, and nothing else";
    else if (fault = fault_in_token_name(word); !fault)
      token.name = word;
    if (fault) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> fault_in_token(std::string_view text) {
  if (text.size() < shortest_token) return fmt::format("too short, it needs at least {} characters", shortest_token);
  const bool sendable = std::ranges::all_of(text, [](char c) {  // what a cookie and a header can carry unchanged
    return c > ' ' && c < 0x7f && std::string_view("\";,\\").find(c) == std::string_view::npos;
  });
  if (!sendable) return "only visible ASCII characters without quotes, commas, semicolons, backslashes";
  return std::nullopt;
}

std::optional<std::string> fault_in_token_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name || !std::ranges::all_of(name, is_name_character))
    return fmt::format("a name has 1 to {} letters, digits, dots, dashes and underscores", longest_name);
  if (name == since_word || name == until_word || name.starts_with(line_prefix))
    return fmt::format("a name is neither since nor until, and does not begin with {}", line_prefix);
  return std::nullopt;
}

Result<std::optional<Token>> parse_token_line(std::string_view line, std::size_t number) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == line.npos || line[begin] == '#') return std::nullopt;
  Token token{.text = {}, .name = {}, .since = {}, .until = {}, .line = number};
  if (const auto fault = read_words(line, token))
    return std::unexpected(Error::setup(fmt::format("line {}: {}", number, *fault)));
  return token;
}

std::string format_token_line(const Token& token) {
  std::string line = token.text;
  if (!token.name.empty()) line += ' ' + token.name;
  if (token.since) line += fmt::format(" {} {}", since_word, format_timestamp(*token.since));
  if (token.until) line += fmt::format(" {} {}", until_word, format_timestamp(*token.until));
  return line;
}

Result<std::vector<Token>> parse_tokens(std::string_view text) {
  std::vector<Token> tokens;
  std::set<std::string> names, texts;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    auto token = parse_token_line(line, number);
    if (!token) return std::unexpected(token.error());
    if (!*token) continue;
    if (!names.insert((*token)->called()).second || !texts.insert((*token)->text).second)
      return std::unexpected(Error::setup(fmt::format("line {}: its token or its name occurs twice", number)));
    tokens.push_back(std::move(**token));
  }
  if (tokens.empty()) return std::unexpected(Error::setup("it holds no token"));
  return tokens;
}

std::vector<Token> single_token(std::string text) {
  if (text.empty()) return {};
  return {Token{.text = std::move(text), .name = {}, .since = {}, .until = {}, .line = 1}};
}

bool equal_in_constant_time(std::string_view given, std::string_view secret) {
  unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t at = 0; at < secret.size(); ++at) {
    const char c = at < given.size() ? given[at] : '\0';
    difference |= static_cast<unsigned>(static_cast<unsigned char>(c ^ secret[at]));
  }
  return difference == 0;
}

}  // namespace tidemark
