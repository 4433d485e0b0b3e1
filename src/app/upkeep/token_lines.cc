#include "app/upkeep/token_lines.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"
#include "core/time/timestamp.h"
#include "io/config/nearest.h"

namespace tidemark {

Result<TokenLines> TokenLines::parse(std::string_view text) {
  TokenLines lines;
  bool has_token = false;
  const std::string_view whole = text;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    auto token = parse_token_line(line, number);
    if (!token) return std::unexpected(token.error());
    has_token |= token->has_value();
    lines.lines_.push_back({std::string(line), std::move(*token)});
  }
  if (has_token)
    if (const auto sane = parse_tokens(whole); !sane) return std::unexpected(sane.error());
  return lines;
}

std::vector<Token> TokenLines::tokens() const {
  std::vector<Token> tokens;
  for (const Line& line : lines_)
    if (line.token) tokens.push_back(*line.token);
  return tokens;
}

bool TokenLines::has(std::string_view called) const {
  return std::ranges::any_of(lines_, [&](const Line& line) { return line.token && line.token->called() == called; });
}

Result<void> TokenLines::add(Token token) {
  if (token.name.empty()) {
    CHECK(token.since);
    const std::string day = format_date(*token.since);
    token.name = day;
    for (int number = 2; has(token.name); ++number) token.name = fmt::format("{}-{}", day, number);
  }
  if (has(token.name))
    return std::unexpected(
        Error::setup(fmt::format("there is a token {} already; give another name, or revoke that one", token.name)));
  token.line = lines_.size() + 1;
  std::string line = format_token_line(token);
  lines_.push_back({std::move(line), std::move(token)});
  return {};
}

void TokenLines::end_all(EventTime now, EventTime end) {
  std::erase_if(lines_, [&](const Line& line) { return line.token && !line.token->is_valid(now); });
  for (Line& line : lines_) {
    if (!line.token || (line.token->until && *line.token->until <= end)) continue;
    line.token->until = end;
    line.text = format_token_line(*line.token);
  }
}

Result<void> TokenLines::remove(std::string_view called, EventTime now) {
  const auto wrong = [](std::string sentence) { return std::unexpected(Error::setup(std::move(sentence))); };
  if (!has(called)) {
    std::vector<std::string> names;
    for (const Token& token : tokens()) names.push_back(token.called());
    return wrong(fmt::format("there is no token {}{}", called, did_you_mean(called, names)));
  }
  const auto stays = [&](const Line& line) {
    return line.token && line.token->called() != called && line.token->is_valid(now);
  };
  if (std::ranges::none_of(lines_, stays))
    return wrong(
        "no other token is valid, and without one no client could connect; `tidemark token rotate --overlap 0s` puts a "
        "new "
        "one in "
        "its place at once");
  std::erase_if(lines_, [&](const Line& line) { return line.token && line.token->called() == called; });
  return {};
}

std::string TokenLines::text() const {
  std::string text;
  for (const Line& line : lines_) text += line.text + '\n';
  return text;
}

std::string random_token() {
  std::array<unsigned char, 24> bytes{};
  CHECK(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace tidemark
