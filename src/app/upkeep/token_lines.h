// The lines of a token file, to be changed: comments and what is not touched stay as they are.
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
  // An empty text has no lines, which is what a file begins with.
  static Result<TokenLines> parse(std::string_view text);

  std::vector<Token> tokens() const;
  // Error::setup when the name is taken. Without one it is called after the day: 2026-11-22, 2026-11-22-2 …
  Result<void> add(Token token);
  // None of them is valid after `end`; what has ended before `now` is taken out.
  void end_all(EventTime now, EventTime end);
  // Error::setup when there is none of this name, or no other one that is valid.
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

// 48 hexadecimal digits from the system's randomness.
std::string random_token();

}  // namespace tidemark
