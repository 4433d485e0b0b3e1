// CursorText: parses a feed's cursor, word by word. One unexpected word makes the whole cursor bad.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

namespace tidemark {

class CursorText {
 public:
  explicit CursorText(std::string_view text) : rest_(text) {}

  std::string_view word() {
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(std::min(word.size() + 1, rest_.size()));
    return word;
  }

  template <typename Number>
  Number number() {
    Number number = 0;
    const std::string_view text = word();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) good_ = false;
    return number;
  }

  void expect(std::string_view version) { good_ = word() == version && good_; }

  std::string_view rest() const { return rest_; }
  bool is_good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace tidemark
