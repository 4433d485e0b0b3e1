#include "io/query/first_word.h"

#include <algorithm>
#include <array>
#include <string>

namespace tidemark {
namespace {

constexpr std::array<std::string_view, 11> question_words{"SELECT", "FROM",      "WITH", "VALUES", "TABLE",  "DESCRIBE",
                                                          "DESC",   "SUMMARIZE", "SHOW", "PIVOT",  "UNPIVOT"};

// Without what may stand before a statement. A comment in a comment is left where it stands: whether they nest
// is the lexer's business.
std::string_view without_prelude(std::string_view text) {
  for (;;) {
    const auto begin = text.find_first_not_of(" \t\n\r(");
    text.remove_prefix(std::min(begin, text.size()));
    std::size_t end = 0;
    if (text.starts_with("--")) {
      end = text.find_first_of("\n\r");
    } else if (text.starts_with("/*")) {
      end = text.find("*/", 2);
      if (text.substr(2, end - 2).find("/*") != std::string_view::npos) return text;
      if (end != std::string_view::npos) end += 2;
    } else {
      return text;
    }
    text.remove_prefix(std::min(end, text.size()));
  }
}

bool is_keyword_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Takes the first word away and gives it in capitals; empty if there is none.
std::string take_word(std::string_view& text) {
  text = without_prelude(text);
  const auto end = std::ranges::find_if_not(text, is_keyword_letter);
  std::string word(text.begin(), end);
  for (char& c : word) {
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

bool is_question(std::string_view sql) {
  std::string word = take_word(sql);
  if (word == "EXPLAIN") {
    word = take_word(sql);
    if (word == "ANALYZE") word = take_word(sql);  // this one runs what it explains
  }
  return std::ranges::find(question_words, word) != question_words.end();
}

bool runs_what_it_explains(std::string_view sql) { return take_word(sql) == "EXPLAIN" && take_word(sql) == "ANALYZE"; }

}  // namespace tidemark
