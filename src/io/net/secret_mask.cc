#include "io/net/secret_mask.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <optional>

namespace tidemark {
namespace {

constexpr std::string_view plain_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The base64 digits that are determined by these bytes alone, if the first byte is number `shift` of a group of three.
std::string base64_of(std::string_view bytes, std::size_t shift, std::string_view alphabet) {
  const std::string padded = std::string(shift, '\0') + std::string(bytes);
  const std::size_t first = (shift * 8 + 5) / 6, end = padded.size() * 8 / 6;
  std::string letters;
  for (std::size_t letter = first; letter < end; ++letter) {
    unsigned value = 0;
    for (std::size_t bit = letter * 6; bit < letter * 6 + 6; ++bit)
      value = value << 1 | (static_cast<unsigned char>(padded[bit / 8]) >> (7 - bit % 8) & 1U);
    letters += alphabet[value];
  }
  return letters;
}

std::optional<unsigned> hex_number(std::string_view text, std::size_t begin, std::size_t digits) {
  if (begin + digits > text.size()) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(begin, digits)) {
    const char small = lower(c);
    const bool is_digit = small >= '0' && small <= '9';
    if (!is_digit && (small < 'a' || small > 'f')) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(is_digit ? small - '0' : small - 'a' + 10);
  }
  return value;
}

// One character in a possible encoding, and the length of that.
struct Letter {
  char is = 0;
  std::size_t size = 1;
};
Letter letter_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '%')
    if (const auto value = hex_number(text, at + 1, 2)) return {static_cast<char>(*value), 3};
  if (c == '\\' && at + 1 < text.size()) {
    if (text[at + 1] == 'u')
      if (const auto value = hex_number(text, at + 2, 4); value && *value < 0x80) return {static_cast<char>(*value), 6};
    if (text[at + 1] == '/' || text[at + 1] == '\\' || text[at + 1] == '"') return {text[at + 1], 2};
  }
  return {c, 1};
}

}  // namespace

SecretMask::SecretMask(const std::vector<std::string_view>& secrets) {
  for (const std::string_view secret : secrets) {
    if (secret.size() < least_bytes) continue;
    add(std::string(secret), true);  // header names come in any case
    std::string hex;
    for (const char c : secret) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    add(std::move(hex), true);
    for (const std::string_view alphabet : {plain_alphabet, url_alphabet})
      for (std::size_t shift = 0; shift < 3; ++shift) add(base64_of(secret, shift, alphabet), false);
  }
}

SecretMask::~SecretMask() {
  for (Form& form : forms_) ::explicit_bzero(form.bytes.data(), form.bytes.size());
}

void SecretMask::add(std::string bytes, bool any_case) {
  const auto begins = [this](char c) { may_begin_[static_cast<unsigned char>(c)] = true; };
  if (any_case) std::ranges::transform(bytes, bytes.begin(), lower);
  begins(bytes.front());
  if (any_case && bytes.front() >= 'a' && bytes.front() <= 'z') begins(static_cast<char>(bytes.front() - 'a' + 'A'));
  begins('%');
  begins('\\');
  forms_.push_back({std::move(bytes), any_case});
}

std::size_t SecretMask::found_at(std::string_view text, std::size_t begin) const {
  const char first = text[begin];
  const bool may_be_escape = first == '%' || first == '\\';
  for (const Form& form : forms_) {
    if (!may_be_escape && (form.any_case ? lower(first) : first) != form.bytes.front()) continue;  // the usual case
    std::size_t at = begin;
    const auto is_next = [&](char wanted) {
      if (at >= text.size()) return false;
      const Letter letter = letter_at(text, at);
      at += letter.size;
      return (form.any_case ? lower(letter.is) : letter.is) == wanted;
    };
    if (std::ranges::all_of(form.bytes, is_next)) return at - begin;
  }
  return 0;
}

std::size_t SecretMask::cover(std::string& text) const {
  std::size_t covered = 0, kept = 0;  // up to here the text is in `out`
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = may_begin_[static_cast<unsigned char>(text[at])] ? found_at(text, at) : 0;
    if (size == 0) {
      ++at;
      continue;
    }
    out.append(text, kept, at - kept).append("***");
    kept = at += size;
    ++covered;
  }
  if (covered > 0) text = out.append(text, kept);
  return covered;
}

}  // namespace tidemark
