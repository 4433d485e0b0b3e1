#include "sim/arrivals.h"

#include <algorithm>
#include <utility>

#include "run/dead_letters/dead_letters.h"
#include "run/dead_letters/redrive.h"

namespace tidemark::sim {
namespace {

constexpr std::size_t most_at_once = 12;

// Says one time only, however long something takes.
class StoppedClock final : public Clock {
 public:
  explicit StoppedClock(EventTime time) : time_(time) {}
  EventTime now() const override { return time_; }

 private:
  EventTime time_;
};

// The word makes it a broken promise, and no misfortune.
Error damaged(const char* what) { return Error::permanent(std::string("damaged by a redrive: ") + what); }

bool is_same_record(const Line& one, const Line& other) {
  const Record &left = one.record, &right = other.record;
  return left.kind == right.kind && left.value == right.value && left.time == right.time &&
         left.ingested_at == right.ingested_at;
}

}  // namespace

void Arrivals::brought(const std::vector<Line>& feed, std::size_t count) {
  while (brought_ < count) lines_.push_back(feed[brought_++]);
}

void Arrivals::take_from(std::span<const Line> held) {
  lines_.assign(held.begin(), held.end());
  brought_ = held.size();
}

bool Arrivals::are_kept_in(std::span<const Line> held) const {
  return lines_.size() <= held.size() && std::ranges::equal(lines_, held.first(lines_.size()), is_same_record);
}

Result<std::size_t> Arrivals::redrive(Log& log, const std::vector<Line>& feed, const Clock& clock, Notifier& analyze) {
  const auto begin = log.begin(Topic::DeadLetters), end = log.end(Topic::DeadLetters);
  if (!begin || !end) return std::unexpected((begin ? end : begin).error());
  if (*begin == *end) return 0;
  const auto letters = read_letters(log, {}, random_.between(*begin, *end - 1));
  if (!letters) return std::unexpected(letters.error());
  wishes_.clear();
  const StoppedClock stopped(clock.now());
  std::vector<ReturningRecord> records;
  for (const NumberedDeadLetter& letter : (*letters)->chosen) {
    if (records.size() == most_at_once || random_.between(0, 1) == 0) continue;
    const Line& line = mended(feed, lines_.at(static_cast<std::size_t>(letter.said.position)));
    records.push_back({letter.offset, line.record.value});
    if (redriven_.contains(letter.offset)) continue;
    wishes_.push_back({letter.offset, line});
    wishes_.back().line.record.ingested_at = stopped.now();
  }
  const auto done = Redrive(log, stopped, analyze).append(records);
  if (!done) return std::unexpected(done.error());
  if (done->appended != wishes_.size() || done->appended + done->before != records.size())
    return std::unexpected(damaged("letters went twice, or not at all"));
  take_wishes();
  return done->appended;
}

const Line& Arrivals::mended(const std::vector<Line>& feed, const Line& line) {
  const Line& other = feed[static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(feed.size()) - 1))];
  return other.meaning == Line::Meaning::Bar ? other : line;
}

Result<void> Arrivals::settle(Log& log) {
  RedrivenLetters redriven(log);
  std::size_t found = 0;
  for (const Wish& wish : wishes_) {
    const auto is_there = redriven.contains(wish.letter);
    if (!is_there) return std::unexpected(is_there.error());
    if (*is_there) ++found;
  }
  if (found > 0 && found < wishes_.size()) return std::unexpected(damaged("half a step is there"));
  if (found > 0) take_wishes();
  wishes_.clear();
  return {};
}

void Arrivals::take_wishes() {
  for (Wish& wish : wishes_) {
    redriven_.insert(wish.letter);
    lines_.push_back(std::move(wish.line));
  }
  wishes_.clear();
}

}  // namespace tidemark::sim
