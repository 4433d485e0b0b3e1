#include "app/filter/shuffle.h"

#include <algorithm>
#include <chrono>

#include "core/check.h"
#include "core/number/integer.h"

namespace tidemark {
namespace {

constexpr Duration minute_length = std::chrono::minutes(1);

std::int64_t minute_number(EventTime time) { return time.time_since_epoch() / minute_length; }

// Uniformly distributed in [0, end).
Duration draw_below(Duration end, Random& random) {
  const auto product = UInt128{random.next()} * static_cast<std::uint64_t>(end.count());
  return Duration{static_cast<std::int64_t>(product >> 64)};
}

}  // namespace

Shuffle::Shuffle(Duration reach, std::uint64_t seed)
    : reach_(reach), random_(seed_of(seed, "shuffle")), slots_(static_cast<std::size_t>(reach / minute_length) + 2) {
  CHECK(reach > Duration::zero());
}

void Shuffle::add(EventTime minute, std::string_view line) {
  const Duration place = draw_below(reach_, random_);
  const std::int64_t number = minute_number(minute);
  if (is_empty_) first_ = number;
  is_empty_ = false;
  CHECK(number >= first_ && minute == floor_to(minute, minute_length));
  const std::int64_t place_number = number + place / minute_length;
  CHECK(place_number < first_ + span_in_minutes());
  Slot& slot = slot_of(place_number);
  slot.entries.push_back({place % minute_length, slot.bytes.size(), line.size()});
  slot.bytes += line;
}

void Shuffle::release_before(EventTime minute, std::string& out) {
  if (is_empty_) return;
  const std::int64_t end = std::min(minute_number(minute), first_ + span_in_minutes());
  for (; first_ < end; ++first_) {
    Slot& slot = slot_of(first_);
    // Lines with the same place keep their order of arrival.
    std::ranges::sort(slot.entries, [](const Entry& a, const Entry& b) {
      return a.place != b.place ? a.place < b.place : a.begin < b.begin;
    });
    for (const Entry& entry : slot.entries) out.append(slot.bytes, entry.begin, entry.size);
    slot.entries.clear();
    slot.bytes.clear();
  }
}

}  // namespace tidemark
