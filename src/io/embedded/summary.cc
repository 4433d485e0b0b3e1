#include "io/embedded/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <ranges>

#include "io/embedded/row_checksum.h"

namespace tidemark {

namespace {

std::uint32_t checksum_of(const Summary& summary) {
  RowChecksum checksum("summary");
  checksum.add(summary.sequence);
  for (const Position end : summary.ends) checksum.add(end);
  return checksum.add(summary.known).value();
}

}  // namespace

std::string to_text(const Summary& summary) {
  return fmt::format("{} {} {} {}", summary.sequence, fmt::join(summary.ends, " "), summary.known,
                     checksum_of(summary));
}

std::optional<Summary> parse_summary(std::string_view text) {
  std::array<std::int64_t, topic_count + 2> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::int64_t& number : numbers) {
    const auto [behind, error] = std::from_chars(at, end, number);
    if (error != std::errc() || behind == end) return std::nullopt;
    at = behind + 1;
  }
  Summary summary{.sequence = numbers.front(), .known = numbers.back()};
  std::copy_n(numbers.begin() + 1, topic_count, summary.ends.begin());
  return to_text(summary) == text ? std::optional(summary) : std::nullopt;
}

void KnownRows::put(std::string row, std::uint32_t checksum) {
  const auto found = checksums_.find(row);
  before_.emplace_back(row, found == checksums_.end() ? std::nullopt : std::optional(found->second));
  set(row, checksum);
}

void KnownRows::forget() {
  for (const auto& [row, checksum] : std::views::reverse(before_)) set(row, checksum);
  before_.clear();
}

void KnownRows::set(const std::string& row, std::optional<std::uint32_t> checksum) {
  const auto found = checksums_.find(row);
  if (found != checksums_.end()) {
    sum_ -= found->second;
    checksums_.erase(found);
  }
  if (!checksum) return;
  sum_ += *checksum;
  checksums_.emplace(row, *checksum);
}

}  // namespace tidemark
