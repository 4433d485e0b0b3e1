#include "run/dead_letters/redrive.h"

#include <variant>
#include <vector>

namespace tidemark {
namespace {

constexpr Position letters_of_a_feed = 4'096;
constexpr std::size_t most_bytes = 4 * 1'024 * 1'024;  // per step

Position feed_of(Position letter) { return letter / letters_of_a_feed; }
std::string name_of(Position feed) { return "redrive/" + std::to_string(feed); }

Result<OffsetSet> letters_redriven(Log& log, Position feed) {
  const auto cursor = log.cursor(name_of(feed));
  if (!cursor) return std::unexpected(cursor.error());
  if (!*cursor) return OffsetSet();
  auto letters = OffsetSet::parse(**cursor);
  if (!letters) return std::unexpected(Error::permanent("the cursor of the feed " + name_of(feed) + " is damaged"));
  return std::move(*letters);
}

// How many records from the front go into one step: those of one feed, up to a limit of bytes.
std::size_t size_of_step(std::span<const ReturningRecord> records) {
  std::size_t count = 0, bytes = 0;
  while (count < records.size() && feed_of(records[count].letter) == feed_of(records[0].letter) && bytes < most_bytes)
    bytes += records[count++].value.size();
  return count;
}

}  // namespace

Result<Redriven> Redrive::append(std::span<const ReturningRecord> records) {
  for (const ReturningRecord& record : records)
    if (auto checked = check(record.letter); !checked) return std::unexpected(checked.error());
  Redriven sum;
  while (!records.empty()) {
    const std::size_t count = size_of_step(records);
    const auto step = append_step(records.first(count));
    if (!step) return step;
    sum.appended += step->appended;
    sum.before += step->before;
    records = records.subspan(count);
  }
  return sum;
}

Result<Redriven> Redrive::append_step(std::span<const ReturningRecord> records) {
  const Position feed = feed_of(records[0].letter);
  auto letters = letters_redriven(log_, feed);
  if (!letters) return std::unexpected(letters.error());
  Redriven done;
  std::vector<Record> fresh;
  for (const ReturningRecord& record : records) {
    if (letters->contains(record.letter)) {
      ++done.before;
      continue;
    }
    letters->insert(record.letter);
    const Decoded decoded = decoder_.decode(record.value);
    const Bar* const bar = std::get_if<Bar>(&decoded);
    fresh.push_back({.key = bar ? std::string(bar->symbol) : "", .value = record.value, .ingested_at = clock_.now()});
  }
  if (fresh.empty()) return done;
  if (auto appended = log_.append(fresh, name_of(feed), letters->to_text()); !appended)
    return std::unexpected(appended.error());
  analyze_.notify();
  done.appended = fresh.size();
  return done;
}

Result<void> Redrive::forget(std::span<const Position> letters) {
  for (std::size_t i = 0; i < letters.size();) {
    const Position feed = feed_of(letters[i]);
    auto redriven = letters_redriven(log_, feed);
    if (!redriven) return std::unexpected(redriven.error());
    const std::string before = redriven->to_text();
    for (; i < letters.size() && feed_of(letters[i]) == feed; ++i) redriven->erase(letters[i]);
    if (const std::string now = redriven->to_text(); now != before)
      if (auto stored = log_.append({}, name_of(feed), now); !stored) return stored;
  }
  return {};
}

Result<void> Redrive::check(Position letter) {
  const auto end = log_.end(Topic::DeadLetters);
  if (!end) return std::unexpected(end.error());
  if (letter >= 0 && letter < *end) return {};
  return std::unexpected(Error::permanent("there is no dead letter at offset " + std::to_string(letter)));
}

Result<bool> RedrivenLetters::contains(Position letter) {
  if (feed_of(letter) != feed_) {
    auto letters = letters_redriven(log_, feed_of(letter));
    if (!letters) return std::unexpected(letters.error());
    letters_ = std::move(*letters);
    feed_ = feed_of(letter);
  }
  return letters_.contains(letter);
}

}  // namespace tidemark
