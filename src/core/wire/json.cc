#include "core/wire/json.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace tidemark {
namespace {

constexpr std::size_t most_depth = 64;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
constexpr bool is_high_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

const char* skip_digits(const char* p, const char* end) {
  while (p != end && is_digit(*p)) ++p;
  return p;
}

// Skips eight bytes at a time; fewer than eight may remain.
const char* skip_ascii(const char* p, const char* end) {
  for (std::uint64_t eight = 0; end - p >= 8; p += 8) {
    std::memcpy(&eight, p, sizeof eight);
    if ((eight & 0x8080808080808080) != 0) break;
  }
  return p;
}

// UTF-8 of a code point. Also encodes lone surrogates, so that different keys stay different.
void append_utf8(char32_t c, std::string& out) {
  const auto byte = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

}  // namespace

const char* end_of_number(const char* const begin, const char* const end) {
  const char* p = begin;
  if (p != end && *p == '-') ++p;
  const char* const whole = p;
  p = skip_digits(p, end);
  if (p == whole || (*whole == '0' && p - whole > 1)) return begin;
  if (p != end && *p == '.') {
    const char* const fraction = ++p;
    p = skip_digits(p, end);
    if (p == fraction) return begin;
  }
  if (p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end && (*p == '+' || *p == '-')) ++p;
    const char* const exponent = p;
    p = skip_digits(p, end);
    if (p == exponent) return begin;
  }
  return p;
}

const char* end_of_utf8_sequence(const char* const begin, const char* const end) {
  const auto byte = [&](int i) { return static_cast<unsigned char>(begin[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return begin + 1;
  // The length, and the range of the second byte that excludes overlong forms, surrogates and values above U+10FFFF.
  int length = 0;
  unsigned low = 0x80, high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF)
    length = 2;
  else if (first >= 0xE0 && first <= 0xEF)
    length = 3;
  else if (first >= 0xF0 && first <= 0xF4)
    length = 4;
  else
    return begin;
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  if (end - begin < length || byte(1) < low || byte(1) > high) return begin;
  for (int i = 2; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return begin;
  return begin + length;
}

bool is_utf8(std::string_view bytes) {
  const char* p = bytes.data();
  const char* const end = p + bytes.size();
  while ((p = skip_ascii(p, end)) != end) {
    const char* const next = end_of_utf8_sequence(p, end);
    if (next == p) return false;
    p = next;
  }
  return true;
}

std::optional<Reason> JsonReader::read(std::string_view text, Fields& fields) {
  fields_ = &fields;
  return read_whole(text);
}

std::optional<Reason> JsonReader::read_members(std::string_view text) {
  fields_ = nullptr;
  members_.clear();
  return read_whole(text);
}

std::optional<Reason> JsonReader::read_whole(std::string_view text) {
  p_ = text.data();
  end_ = p_ + text.size();
  field_.reset();
  frames_.clear();
  keys_.clear();
  unescaped_.clear();
  unescaped_.reserve(text.size());  // keeps views into it valid: unescaping only shortens
  is_object_ = too_deep_ = duplicate_key_ = false;
  if (!read_text()) return Reason::BadJson;
  if (!is_object_) return Reason::NotAnObject;
  if (too_deep_) return Reason::TooDeep;
  if (duplicate_key_) return Reason::DuplicateKey;
  return std::nullopt;
}

bool JsonReader::read_text() {
  skip_space();
  is_object_ = p_ != end_ && *p_ == '{';
  wants_value_ = true;
  while (wants_value_ || !frames_.empty())
    if (!(wants_value_ ? read_value() : after_value())) return false;
  skip_space();
  return p_ == end_;
}

// Where to store the value of the current member; null if it is not needed.
FieldValue* JsonReader::target() {
  if (frames_.size() != 1 || !is_object_) return nullptr;
  if (!fields_) return &members_.back().value;
  return field_ ? &(*fields_)[*field_] : nullptr;
}

// Reads one value. Of an array or object it reads only the opening and, if there is one, the way to its first value;
// the caller reads the rest. So a record of nothing but brackets cannot exhaust the stack.
bool JsonReader::read_value() {
  wants_value_ = false;
  skip_space();
  if (p_ == end_) return false;
  FieldValue* const value = target();
  if (value) value->kind = ValueKind::Other;
  switch (*p_) {
    case '{':
      return open('}');
    case '[':
      return open(']');
    case '"': {
      const auto string = read_string();
      if (!string) return false;
      if (value) {
        value->kind = ValueKind::String;
        value->text = string->text;
        value->lone_surrogate = string->lone_surrogate;
      }
      return true;
    }
    case 't':
      return read_literal("true");
    case 'f':
      return read_literal("false");
    case 'n':
      if (value) value->kind = ValueKind::Null;
      return read_literal("null");
    default: {
      const char* const number_end = end_of_number(p_, end_);
      if (number_end == p_) return false;
      if (value) {
        value->kind = ValueKind::Number;
        value->number = parse_decimal({p_, number_end});
        value->text = {p_, number_end};
      }
      p_ = number_end;
      return true;
    }
  }
}

bool JsonReader::open(char close) {
  ++p_;
  frames_.push_back({close, keys_.size()});
  if (frames_.size() > most_depth) too_deep_ = true;
  skip_space();
  if (p_ == end_) return false;
  if (*p_ == close) {
    ++p_;
    frames_.pop_back();
    return true;
  }
  wants_value_ = true;
  return close == ']' || read_key();
}

// What may follow a value inside an array or object: a comma and the next value, or the end.
bool JsonReader::after_value() {
  skip_space();
  if (p_ == end_) return false;
  const Frame frame = frames_.back();
  if (*p_ == frame.close) {
    ++p_;
    if (frame.close == '}') check_keys(frame.first_key);
    frames_.pop_back();
    return true;
  }
  if (*p_ != ',') return false;
  ++p_;
  if (frame.close == '}' && !read_key()) return false;
  return read_value();
}

bool JsonReader::read_key() {
  skip_space();
  if (p_ == end_ || *p_ != '"') return false;
  const auto key = read_string();
  if (!key) return false;
  keys_.push_back(key->text);
  if (frames_.size() == 1) {
    if (fields_)
      field_ = parse_field_name(key->text);
    else
      members_.push_back({key->text, {}});
  }
  skip_space();
  if (p_ == end_ || *p_ != ':') return false;
  ++p_;
  return true;
}

void JsonReader::check_keys(std::size_t first) {
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, keys_.end());
  if (std::adjacent_find(begin, keys_.end()) != keys_.end()) duplicate_key_ = true;
  keys_.resize(first);
}

bool JsonReader::read_literal(std::string_view literal) {
  if (std::string_view{p_, end_}.substr(0, literal.size()) != literal) return false;
  p_ += literal.size();
  return true;
}

std::optional<JsonReader::String> JsonReader::read_string() {
  const char* const begin = ++p_;
  const std::size_t unescaped_begin = unescaped_.size();
  bool has_escapes = false;
  String string;
  while (p_ != end_ && *p_ != '"') {
    if (static_cast<unsigned char>(*p_) < 0x20) return std::nullopt;
    if (*p_ == '\\') {
      if (!has_escapes) unescaped_.append(begin, p_);
      has_escapes = true;
      if (!read_escape(string.lone_surrogate)) return std::nullopt;
      continue;
    }
    const char* const next = end_of_utf8_sequence(p_, end_);
    if (next == p_) return std::nullopt;
    if (has_escapes) unescaped_.append(p_, next);
    p_ = next;
  }
  if (p_ == end_) return std::nullopt;
  string.text = has_escapes ? std::string_view{unescaped_}.substr(unescaped_begin) : std::string_view{begin, p_};
  ++p_;
  return string;
}

std::optional<char32_t> JsonReader::read_escaped_unit() {
  if (end_ - p_ < 4) return std::nullopt;
  char32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = *p_++;
    unit <<= 4;
    if (is_digit(c))
      unit |= static_cast<char32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      unit |= static_cast<char32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      unit |= static_cast<char32_t>(c - 'A' + 10);
    else
      return std::nullopt;
  }
  return unit;
}

bool JsonReader::read_escape(bool& lone_surrogate) {
  ++p_;  // the backslash
  if (p_ == end_) return false;
  const char kind = *p_++;
  if (kind != 'u') {
    constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    const auto index = names.find(kind);
    if (index == names.npos) return false;
    unescaped_.push_back(values[index]);
    return true;
  }
  const auto unit = read_escaped_unit();
  if (!unit) return false;
  if (is_high_surrogate(*unit) && end_ - p_ >= 2 && p_[0] == '\\' && p_[1] == 'u') {
    const char* const before = p_;
    p_ += 2;
    const auto low = read_escaped_unit();
    if (!low) return false;
    if (is_low_surrogate(*low)) {
      append_utf8(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), unescaped_);
      return true;
    }
    p_ = before;
  }
  if (is_high_surrogate(*unit) || is_low_surrogate(*unit)) lone_surrogate = true;
  append_utf8(*unit, unescaped_);
  return true;
}

void JsonReader::skip_space() {
  while (p_ != end_ && is_space(*p_)) ++p_;
}

}  // namespace tidemark
