// A text as an SQL literal: in single quotes, with inner quotes doubled.
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

inline std::string sql_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

}  // namespace tidemark
