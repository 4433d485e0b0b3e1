#include "io/embedded/summary.h"

#include <fmt/format.h>

#include <ranges>

#include "io/embedded/row_checksum.h"

namespace tidemark {

std::uint32_t checksum_of(const Summary& summary) {
  RowChecksum checksum("summary");
  for (const Position end : summary.ends) checksum.add(end);
  return checksum.add(summary.known).value();
}

std::string end_of_topic(Topic topic) {
  return fmt::format(
      "SELECT max(begins_at, coalesce((SELECT max(offset) + 1 FROM {0}), 0)) FROM topics WHERE topic = '{0}'",
      to_string(topic));
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
