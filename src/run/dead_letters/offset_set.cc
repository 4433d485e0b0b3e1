#include "run/dead_letters/offset_set.h"

#include <charconv>
#include <iterator>

namespace tidemark {
namespace {

constexpr Position most_offset = Position{1} << 62;  // more than any log holds

// Reads a number from the front of the text.
std::optional<Position> take_offset(std::string_view& text) {
  Position offset = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc{} || offset < 0 || offset > most_offset) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return offset;
}

}  // namespace

std::optional<OffsetSet> OffsetSet::parse(std::string_view text) {
  OffsetSet set;
  Position least = 0;
  while (!text.empty()) {
    const auto first = take_offset(text);
    if (!first || *first < least) return std::nullopt;
    Position last = *first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      const auto end = take_offset(text);
      if (!end || *end <= *first) return std::nullopt;
      last = *end;
    }
    set.ranges_.emplace_hint(set.ranges_.end(), *first, last);
    least = last + 2;
    if (text.empty()) break;
    if (!text.starts_with(' ') || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
  }
  return set;
}

std::string OffsetSet::to_text() const {
  std::string text;
  for (const auto& [first, last] : ranges_) {
    if (!text.empty()) text += ' ';
    text += std::to_string(first);
    if (last != first) text += '-' + std::to_string(last);
  }
  return text;
}

void OffsetSet::insert(Position offset) {
  auto next = ranges_.upper_bound(offset);
  if (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (offset <= before->second) return;
    if (offset == before->second + 1) {
      before->second = offset;
      if (next == ranges_.end() || next->first != offset + 1) return;
      before->second = next->second;
      ranges_.erase(next);
      return;
    }
  }
  Position last = offset;
  if (next != ranges_.end() && next->first == offset + 1) {
    last = next->second;
    next = ranges_.erase(next);
  }
  ranges_.emplace_hint(next, offset, last);
}

void OffsetSet::erase(Position offset) {
  const auto after = ranges_.upper_bound(offset);
  if (after == ranges_.begin()) return;
  const auto range = std::prev(after);
  const auto [first, last] = *range;
  if (offset > last) return;
  if (offset < last) ranges_.emplace_hint(after, offset + 1, last);
  if (offset == first)
    ranges_.erase(range);
  else
    range->second = offset - 1;
}

bool OffsetSet::contains(Position offset) const {
  const auto after = ranges_.upper_bound(offset);
  return after != ranges_.begin() && offset <= std::prev(after)->second;
}

}  // namespace tidemark
