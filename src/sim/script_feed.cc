#include "sim/script_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tidemark::sim {
namespace {

constexpr std::string_view unknown_cursor = "the feed never gave this cursor: ";

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool is_unknown_cursor(const Error& error) { return error.message().find(unknown_cursor) != std::string::npos; }

std::optional<ScriptFeed::Place> ScriptFeed::place_of(std::string_view cursor) const {
  const std::size_t at = cursor.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto count = number(cursor.substr(0, at)), branch = number(cursor.substr(at + 1));
  if (!count || !branch || *branch >= branches_.size() || *count > branches_[*branch].brought) return std::nullopt;
  return Place{.branch = *branch, .count = *count};
}

std::span<const Line> ScriptFeed::handed_out(std::size_t branch) const {
  return std::span(branches_.at(branch).lines).first(branches_.at(branch).brought);
}

std::optional<std::span<const Line>> ScriptFeed::handed_out_before(std::string_view cursor) const {
  const auto place = place_of(cursor);
  if (!place) return std::nullopt;
  return handed_out(place->branch).first(place->count);
}

Result<void> ScriptFeed::open(std::optional<std::string_view> cursor) {
  Place place{.branch = branches_.size() - 1, .count = 0};
  if (cursor) {
    const auto named = place_of(*cursor);
    if (!named) return std::unexpected(Error::permanent(std::string(unknown_cursor) + std::string(*cursor)));
    place = *named;
  }
  branches_.push_back({.lines = branches_[place.branch].lines, .brought = place.count});
  if (random_.between(0, 1) == 0) fill_gap();
  return {};
}

void ScriptFeed::fill_gap() {
  ++fills_;
  auto& [lines, brought] = branches_.back();
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(brought);
  auto last = first + random_.between(0, std::min<std::int64_t>(30, lines.end() - first));
  if (last != first && (last - 1)->meaning == Line::Meaning::End) --last;
  const auto heartbeats =
      std::stable_partition(first, last, [](const Line& line) { return line.meaning != Line::Meaning::Heartbeat; });
  std::stable_sort(first, heartbeats, [](const Line& one, const Line& other) {
    const auto time = [](const Line& line) { return line.meaning == Line::Meaning::Bar ? line.bar.time : line.time; };
    return time(one) < time(other);
  });
}

Result<std::optional<FeedBatch>> ScriptFeed::poll(std::size_t limit) {
  if (mute_polls_ > 0) {
    if (--mute_polls_ == 0) fill_gap();
    return std::nullopt;
  }
  const std::size_t most = std::min<std::size_t>(limit, static_cast<std::size_t>(random_.between(1, 40)));
  auto& [lines, brought] = branches_.back();
  FeedBatch batch;
  while (brought < lines.size() && batch.records.size() < most) {
    Record& record = lines[brought++].record;
    record.ingested_at = clock_.now();  // as ingest says right after this
    batch.records.push_back(record);
  }
  if (batch.records.empty()) return std::nullopt;
  batch.cursor = fmt::format("{}@{}", brought, branches_.size() - 1);
  return batch;
}

}  // namespace tidemark::sim
