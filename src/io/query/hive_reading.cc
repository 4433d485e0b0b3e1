#include "io/query/hive_reading.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tidemark {
namespace {

enum class Kind : std::uint8_t { Space, Word, DoubleQuoted, Backticks, Sign, Other };

struct Token {
  Kind kind = Kind::Other;
  std::string_view text;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

template <typename Is>
std::size_t length_while(std::string_view text, Is is) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

// Quoted text ends with its quote; a doubled quote is a quote inside. 0 if it never ends.
std::size_t length_of_quoted(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] != quote) continue;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    ++at;
  }
  return 0;
}

// E'it\'s'
std::size_t length_of_escaped(std::string_view text) {
  for (std::size_t at = 2; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '\'') {
      return at + 1;
    }
  }
  return text.size();
}

// $$…$$ or $name$…$name$; 0 if it is neither.
std::size_t length_of_dollars(std::string_view text) {
  const auto name = length_while(text.substr(1), [](char c) { return is_letter(c) || is_digit(c); });
  if (name + 1 >= text.size() || text[name + 1] != '$') return 0;
  const auto mark = text.substr(0, name + 2);
  const auto end = text.find(mark, mark.size());
  return end == std::string_view::npos ? text.size() : end + mark.size();
}

std::size_t length_of_comment(std::string_view text) {
  if (text.starts_with("--")) return std::min(text.find_first_of("\n\r"), text.size());
  std::size_t depth = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const auto pair = text.substr(at, 2);
    if (pair == "/*") ++depth;
    if (pair == "*/") --depth;
    if (pair != "/*" && pair != "*/") continue;
    ++at;
    if (depth == 0) return at + 1;
  }
  return text.size();
}

constexpr std::array<std::string_view, 8> signs{"<=>", "<>", "!=", "<=", ">=", "==", "::", "||"};

Token first_token(std::string_view text) {
  const auto take = [&](Kind kind, std::size_t length) {
    return Token{kind, text.substr(0, std::max<std::size_t>(length, 1))};
  };
  const char c = text.front();
  if (is_space(c)) return take(Kind::Space, length_while(text, is_space));
  if (text.starts_with("--") || text.starts_with("/*")) return take(Kind::Space, length_of_comment(text));
  if (text.starts_with("E'") || text.starts_with("e'")) return take(Kind::Other, length_of_escaped(text));
  if (c == '\'' || c == '"' || c == '`') {
    const auto length = length_of_quoted(text);
    if (length == 0) return {Kind::Other, text};
    return take(c == '"' ? Kind::DoubleQuoted : c == '`' ? Kind::Backticks : Kind::Other, length);
  }
  if (c == '$') return take(Kind::Other, length_of_dollars(text));
  if (is_letter(c))
    return take(Kind::Word, length_while(text, [](char one) { return is_letter(one) || is_digit(one); }));
  if (is_digit(c))
    return take(Kind::Other,
                length_while(text, [](char one) { return is_letter(one) || is_digit(one) || one == '.'; }));
  for (const auto sign : signs) {
    if (text.starts_with(sign)) return take(Kind::Sign, sign.size());
  }
  return take(Kind::Sign, 1);
}

std::vector<Token> tokens_of(std::string_view sql) {
  std::vector<Token> tokens;
  while (!sql.empty()) {
    tokens.push_back(first_token(sql));
    sql.remove_prefix(tokens.back().text.size());
  }
  return tokens;
}

bool is_word(const Token* token, std::string_view word) {
  return token != nullptr && token->kind == Kind::Word &&
         std::ranges::equal(token->text, word, [](char a, char b) { return (a >= 'a' ? a - 'a' + 'A' : a) == b; });
}

bool is_sign(const Token* token, std::string_view sign) {
  return token != nullptr && token->kind == Kind::Sign && token->text == sign;
}

bool is_comparison(const Token* token) {
  constexpr std::array<std::string_view, 9> comparisons{"=", "<", ">", "<=", ">=", "<>", "!=", "==", "<=>"};
  return (token != nullptr && token->kind == Kind::Sign &&
          std::ranges::find(comparisons, token->text) != comparisons.end()) ||
         is_word(token, "LIKE");
}

// The text between the quotes, with doubled quotes as one.
std::string content_of(std::string_view quoted) {
  const char quote = quoted.front();
  std::string content;
  for (std::size_t at = 1; at + 1 < quoted.size(); ++at) {
    content += quoted[at];
    if (quoted[at] == quote) ++at;
  }
  return content;
}

std::string in_quotes(std::string_view content, char quote) {
  std::string out(1, quote);
  for (const char c : content) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

class Reading {
 public:
  explicit Reading(std::string_view sql) : tokens_(tokens_of(sql)) {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_[at].kind != Kind::Space) significant_.push_back(at);
    }
  }

  std::string text() {
    std::string out;
    std::size_t next = 0;
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_[at].kind == Kind::Space) {
        out += tokens_[at].text;
      } else {
        out += replaced(next++);
      }
    }
    return out;
  }

 private:
  // The token at this index, without spaces and comments; null before the first and after the last.
  const Token* token_at(std::size_t index) const {
    return index < significant_.size() ? &tokens_[significant_[index]] : nullptr;
  }

  std::string replaced(std::size_t index) {
    const Token& token = *token_at(index);
    note_list(index);
    if (is_schema(index) || (is_sign(&token, ".") && index > 0 && is_schema(index - 1)))
      return std::string(token.text.size(), ' ');
    if (token.kind == Kind::Backticks) return in_quotes(content_of(token.text), '"');
    if (token.kind == Kind::DoubleQuoted && is_text(index)) return in_quotes(content_of(token.text), '\'');
    if (is_empty_call(index)) return std::string(token.text.size(), ' ');
    if (is_sign(&token, "<=>")) return " IS NOT DISTINCT FROM ";
    if (is_division(index)) return "// ";
    return std::string(token.text);
  }

  // `default` before a point, unless a table's name precedes it.
  bool is_schema(std::size_t index) const {
    const Token* const token = token_at(index);
    const bool is_default = is_word(token, "DEFAULT") || (token->kind == Kind::Backticks && token->text == "`default`");
    return is_default && is_sign(token_at(index + 1), ".") && (index == 0 || !is_sign(token_at(index - 1), "."));
  }

  // DIV between two values.
  bool is_division(std::size_t index) const {
    if (!is_word(token_at(index), "DIV") || index == 0) return false;
    const Token* const before = token_at(index - 1);
    const Token* const next = token_at(index + 1);
    const bool is_value_before = before->kind != Kind::Sign || before->text == ")";
    return is_value_before && next != nullptr && (next->kind != Kind::Sign || next->text == "(");
  }

  // The parentheses of current_timestamp() and current_date().
  bool is_empty_call(std::size_t index) const {
    const auto is_now = [&](std::size_t name) {
      return (is_word(token_at(name), "CURRENT_TIMESTAMP") || is_word(token_at(name), "CURRENT_DATE")) &&
             is_sign(token_at(name + 1), "(") && is_sign(token_at(name + 2), ")");
    };
    return (index >= 1 && is_now(index - 1)) || (index >= 2 && is_now(index - 2));
  }

  bool is_text(std::size_t index) const {
    const Token* const before = index > 0 ? token_at(index - 1) : nullptr;
    const std::string_view quoted = token_at(index)->text;
    if (is_sign(before, ".") || is_sign(token_at(index + 1), ".") || is_word(before, "AS") || is_made_name(quoted))
      return false;
    if (is_comparison(before) || is_in_list()) return true;
    const std::string content = content_of(quoted);
    return content.empty() || is_digit(content.front()) ||
           !std::ranges::all_of(content, [](char c) { return is_letter(c) || is_digit(c); });
  }

  bool is_made_name(std::string_view quoted) const {
    for (std::size_t index = 1; index < significant_.size(); ++index) {
      if (token_at(index)->text == quoted && is_word(token_at(index - 1), "AS")) return true;
    }
    return false;
  }

  // Tracks which parentheses belong to an IN list.
  void note_list(std::size_t index) {
    if (is_sign(token_at(index), "(")) lists_.push_back(index > 0 && is_word(token_at(index - 1), "IN"));
    if (is_sign(token_at(index), ")") && !lists_.empty()) lists_.pop_back();
  }
  bool is_in_list() const { return !lists_.empty() && lists_.back(); }

  std::vector<Token> tokens_;
  std::vector<std::size_t> significant_;  // the tokens that are neither space nor comment
  std::vector<bool> lists_;
};

}  // namespace

std::string hive_reading(std::string_view sql) { return Reading(sql).text(); }

}  // namespace tidemark
