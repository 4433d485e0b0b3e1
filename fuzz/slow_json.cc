#include "fuzz/slow_json.h"

#include <algorithm>
#include <set>

#include "fuzz/slow_number.h"

namespace tidemark::fuzz {
namespace {

bool is_high(char16_t unit) { return unit / 0x400 == 0x36; }  // D800–DBFF
bool is_low(char16_t unit) { return unit / 0x400 == 0x37; }   // DC00–DFFF

// Each read_… returns whether it succeeded, with `at` after what it read.
struct Reader {
  std::string_view text;
  std::size_t at = 0;

  char here() const { return at < text.size() ? text[at] : '\0'; }
  bool take(std::string_view word) {
    if (text.substr(at, word.size()) != word) return false;
    at += word.size();
    return true;
  }
  void skip_space() {
    while (at < text.size() && (here() == ' ' || here() == '\t' || here() == '\r' || here() == '\n')) ++at;
  }

  bool read_value(SlowValue& value) {
    using Kind = SlowValue::Kind;
    skip_space();
    if (take("null")) return value.kind = Kind::Null, true;
    if (take("true")) return value.kind = Kind::True, true;
    if (take("false")) return value.kind = Kind::False, true;
    if (here() == '"') return value.kind = Kind::String, read_string(value.string);
    if (take("[")) return value.kind = Kind::Array, read_elements(value);
    if (take("{")) return value.kind = Kind::Object, read_members(value);
    const std::size_t end = end_of_slow_number(text, at);
    if (end == at) return false;
    value.kind = Kind::Number;
    value.number = text.substr(at, end - at);
    at = end;
    return true;
  }

  bool read_elements(SlowValue& value) {
    skip_space();
    if (take("]")) return true;
    do {
      if (!read_value(value.elements.emplace_back())) return false;
      skip_space();
    } while (take(","));
    return take("]");
  }

  bool read_members(SlowValue& value) {
    skip_space();
    if (take("}")) return true;
    do {
      skip_space();
      SlowMember& member = value.members.emplace_back();
      if (here() != '"' || !read_string(member.name)) return false;
      skip_space();
      if (!take(":") || !read_value(member.value)) return false;
      skip_space();
    } while (take(","));
    return take("}");
  }

  bool read_string(std::u16string& units) {
    ++at;  // the quote
    while (!take("\"")) {
      if (at == text.size()) return false;
      if (static_cast<unsigned char>(here()) < 0x20) return false;
      if (!(here() == '\\' ? read_escape(units) : read_character(units))) return false;
    }
    return true;
  }

  bool read_escape(std::u16string& units) {
    ++at;  // the backslash
    constexpr std::u16string_view meanings = u"\"\"\\\\//b\bf\fn\nr\rt\t";
    for (std::size_t i = 0; i < meanings.size(); i += 2) {
      if (here() != static_cast<char>(meanings[i]) || at == text.size()) continue;
      ++at;
      units += meanings[i + 1];
      return true;
    }
    if (!take("u") || text.size() - at < 4) return false;
    unsigned unit = 0;
    for (const char c : text.substr(at, 4)) {
      const std::string_view digits = "0123456789abcdef", capitals = "0123456789ABCDEF";
      const std::size_t value = std::min(digits.find(c), capitals.find(c));
      if (value > 15) return false;
      unit = unit * 16 + static_cast<unsigned>(value);
    }
    at += 4;
    units += static_cast<char16_t>(unit);
    return true;
  }

  // One UTF-8 character, accepted if writing it again gives the same bytes.
  bool read_character(std::u16string& units) {
    const auto first = static_cast<unsigned char>(here());
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xC0) || first >= 0xF8 || text.size() - at < size) return false;
    char32_t point = size == 1 ? first : first % (0x80u >> size);
    for (std::size_t i = 1; i < size; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if (next < 0x80 || next >= 0xC0) return false;
      point = point * 64 + next % 64;
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    std::u16string one;
    if (point < 0x10000)
      one += static_cast<char16_t>(point);
    else
      one = {static_cast<char16_t>(0xD800 + (point - 0x10000) / 0x400),
             static_cast<char16_t>(0xDC00 + (point - 0x10000) % 0x400)};
    if (to_utf8(one) != text.substr(at, size)) return false;  // an overlong form
    units += one;
    at += size;
    return true;
  }
};

}  // namespace

const SlowValue* SlowValue::find(std::u16string_view key) const {
  for (const auto& [name, member] : members)
    if (name == key) return &member;
  return nullptr;
}

std::size_t SlowValue::depth() const {
  if (kind != Kind::Array && kind != Kind::Object) return 0;
  std::size_t deepest = 0;
  for (const SlowValue& element : elements) deepest = std::max(deepest, element.depth());
  for (const auto& [name, member] : members) deepest = std::max(deepest, member.depth());
  return deepest + 1;
}

bool SlowValue::has_duplicate_key() const {
  std::set<std::u16string_view> seen;
  for (const auto& [name, member] : members)
    if (!seen.insert(name).second || member.has_duplicate_key()) return true;
  return std::ranges::any_of(elements, [](const SlowValue& element) { return element.has_duplicate_key(); });
}

std::optional<SlowValue> read_slow_json(std::string_view text) {
  Reader reader{text};
  SlowValue value;
  if (!reader.read_value(value)) return std::nullopt;
  reader.skip_space();
  if (reader.at != text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> to_utf8(std::u16string_view units) {
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t point = units[i];
    if (is_high(units[i]) && i + 1 < units.size() && is_low(units[i + 1])) {
      point = 0x10000 + (point - 0xD800) * 0x400 + (units[i + 1] - 0xDC00u);
      ++i;
    } else if (is_high(units[i]) || is_low(units[i])) {
      return std::nullopt;
    }
    const std::size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    std::string bytes;
    for (std::size_t rest = size; rest > 1; --rest, point /= 64)
      bytes.insert(0, 1, static_cast<char>(0x80 + point % 64));
    constexpr unsigned leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(leads[size] + point);
    out += bytes;
  }
  return out;
}

}  // namespace tidemark::fuzz
