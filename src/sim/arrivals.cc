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

}  // namespace

void Arrivals::brought(const std::vector<Line>& feed, std::size_t count) {
  while (brought_ < count) lines_.push_back(feed[brought_++]);
}

Result<bool> Arrivals::follow(Log& log, const std::vector<Line>& feed, std::size_t from) {
  const auto begin = log.begin(Topic::Bars), end = log.end(Topic::Bars);
  if (!begin || !end) return std::unexpected((begin ? end : begin).error());
  lines_.resize(std::min(lines_.size(), from));
  if (static_cast<std::size_t>(*begin) > lines_.size()) return false;
  for (auto at = static_cast<Position>(lines_.size()); at < *end; ++at) {
    const auto batch = log.poll(Topic::Bars, at, 1);
    if (!batch) return std::unexpected(batch.error());
    if (batch->empty()) break;
    const Batch::View record = (*batch)[0];
    const auto line = std::ranges::find_if(feed, [&](const Line& each) {
      return each.record.kind == record.kind && each.record.value == record.value && each.record.time == record.time;
    });
    if (line == feed.end()) return std::unexpected(Error::permanent("shown as a line that no feed has brought"));
    lines_.push_back(*line);
    lines_.back().record.ingested_at = record.ingested_at;
  }
  brought_ = lines_.size();
  return true;
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
