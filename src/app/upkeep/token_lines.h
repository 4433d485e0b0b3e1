// TokenLines: edits the lines of a token file. Comments and untouched lines stay as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "io/serve/tokens.h"

namespace tidemark {

class TokenLines {
 public:
  // An empty text has no lines, as a new file.
  static Result<TokenLines> parse(std::string_view text);

  std::vector<Token> tokens() const;
  // Error::setup if the name is taken. A token without a name is named after the day: 2026-11-22, 2026-11-22-2 …
  Result<void> add(Token token);
  // Ends all tokens at `end` at the latest, and removes those that have ended before `now`.
  void end_all(EventTime now, EventTime end);
  // Error::setup if there is no token of this name, or no other valid one.
  Result<void> remove(std::string_view called, EventTime now);

  std::string text() const;

 private:
  struct Line {
    std::string text;
    std::optional<Token> token;
  };

  bool has(std::string_view called) const;

  std::vector<Line> lines_;
};

// 48 hexadecimal digits from the system's random numbers.
std::string random_token();

}  // namespace tidemark
