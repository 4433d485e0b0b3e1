#include "io/query/csv_cell.h"

#include <algorithm>

namespace tidemark {
namespace {

std::string_view without_digits(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789");
  return end == text.npos ? std::string_view() : text.substr(end);
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

// "-0.25", "+7", "1e-300", and nothing else.
bool is_number(std::string_view text) {
  text = without_sign(text);
  std::string_view rest = without_digits(text);
  if (rest.size() == text.size()) return false;
  if (rest.starts_with('.')) rest = without_digits(rest.substr(1));
  if (!rest.starts_with('e') && !rest.starts_with('E')) return rest.empty();
  const std::string_view exponent = without_sign(rest.substr(1));
  return !exponent.empty() && without_digits(exponent).empty();
}

void append_quoted(std::string_view before, std::string_view text, std::string& out) {
  out += '"';
  out += before;
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

bool stands_bare(std::string_view text) {
  return !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos;
}

}  // namespace

bool looks_like_a_formula(std::string_view text) {
  constexpr std::string_view begins = "=+-@\t\r\n";
  return !text.empty() && begins.find(text.front()) != begins.npos && !is_number(text);
}

void append_csv_cell(std::string_view text, std::string& out) {
  if (stands_bare(text))
    out += text;
  else
    append_quoted("", text, out);
}

void append_guarded_csv_cell(std::string_view text, std::string& out) {
  if (!stands_bare(text)) return append_quoted("'", text, out);
  out += '\'';
  out += text;
}

}  // namespace tidemark
