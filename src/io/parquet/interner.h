// Interner: numbers values that recur in nearly the same order, such as symbols and window times. It first tries the
// value that followed the last one before, which is nearly always right.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tidemark {

template <typename Value, typename Hash = std::hash<Value>>
class Interner {
 public:
  Interner() = default;
  Interner(Interner&&) noexcept = default;  // a copy would point into the original
  Interner& operator=(Interner&&) noexcept = default;

  // The number of a value: 0, 1, 2 … in the order of first use.
  template <typename Like>
  std::int32_t number(const Like& value) {
    if (last_ >= 0 && value == *values_[static_cast<std::size_t>(last_)]) return last_;
    const std::int32_t next = last_ < 0 ? -1 : followed_by_[static_cast<std::size_t>(last_)];
    if (next >= 0 && value == *values_[static_cast<std::size_t>(next)]) return last_ = next;
    const std::int32_t found = look_up(value);
    if (last_ >= 0) followed_by_[static_cast<std::size_t>(last_)] = found;
    return last_ = found;
  }
  std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t number) const { return *values_[number]; }
  void clear() {
    numbers_.clear();
    values_.clear();
    followed_by_.clear();
    last_ = -1;
  }

 private:
  template <typename Like>
  std::int32_t look_up(const Like& value) {
    const auto found = numbers_.find(value);
    if (found != numbers_.end()) return found->second;
    const auto next = static_cast<std::int32_t>(values_.size());
    const auto entry = numbers_.emplace(Value(value), next).first;
    values_.push_back(&entry->first);
    followed_by_.push_back(-1);
    return next;
  }

  std::unordered_map<Value, std::int32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const Value*> values_;  // by number; keys of the map do not move
  std::vector<std::int32_t> followed_by_;
  std::int32_t last_ = -1;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using TextInterner = Interner<std::string, TextHash>;

inline std::vector<std::string_view> texts_of(const TextInterner& interner) {
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < interner.size(); ++i) texts.push_back(interner[i]);
  return texts;
}

}  // namespace tidemark
