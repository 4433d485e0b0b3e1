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
  if (brought_ < count) open_.clear();  // these lines are where an open step would be
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
  Step step;
  const StoppedClock stopped(clock.now());
  std::vector<ReturningRecord> records;
  for (const NumberedDeadLetter& letter : (*letters)->chosen) {
    if (records.size() == most_at_once || random_.between(0, 1) == 0) continue;
    const Line& line = mended(feed, lines_.at(static_cast<std::size_t>(letter.said.position)));
    records.push_back({letter.offset, line.record.value});
    if (redriven_.contains(letter.offset)) continue;
    step.push_back({letter.offset, line});
    step.back().line.record.ingested_at = stopped.now();
  }
  const auto done = Redrive(log, stopped, analyze).append(records);
  if (!done) {
    if (!step.empty()) open_.push_back(std::move(step));
    return std::unexpected(done.error());
  }
  if (done->appended != step.size() || done->appended + done->before != records.size())
    return std::unexpected(damaged("letters went twice, or not at all"));
  if (!step.empty()) take(std::move(step));
  return done->appended;
}

const Line& Arrivals::mended(const std::vector<Line>& feed, const Line& line) {
  const Line& other = feed[static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(feed.size()) - 1))];
  return other.meaning == Line::Meaning::Bar ? other : line;
}

Result<void> Arrivals::settle(Log& log) {
  if (open_.empty()) return {};
  const auto tail = log.poll(Topic::Bars, static_cast<Position>(lines_.size()), most_at_once + 1);
  if (!tail) return std::unexpected(tail.error());
  Step held;
  if (!tail->empty()) {
    const auto found = std::ranges::find_if(open_, [&](const Step& step) { return is_in(*tail, step); });
    if (found == open_.end()) return std::unexpected(damaged("the log ends with what is no whole step"));
    held = *found;
  }
  if (auto same = compare_letters(log, held); !same) return same;
  take(std::move(held));
  return {};
}

bool Arrivals::is_in(const Batch& tail, const Step& step) {
  if (tail.size() != step.size()) return false;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const Record& record = step[i].line.record;
    if (tail[i].kind != record.kind || tail[i].value != record.value || tail[i].ingested_at != record.ingested_at)
      return false;
  }
  return true;
}

// The log says of exactly those letters that they were redriven whose records it holds; `held` is what it holds besides.
Result<void> Arrivals::compare_letters(Log& log, const Step& held) const {
  std::set<Position> expected = redriven_;
  for (const Wish& wish : held) expected.insert(wish.letter);
  const auto end = log.end(Topic::DeadLetters);
  if (!end) return std::unexpected(end.error());
  RedrivenLetters redriven(log);
  for (Position letter = 0; letter < *end; ++letter) {
    const auto is_there = redriven.contains(letter);
    if (!is_there) return std::unexpected(is_there.error());
    if (*is_there != expected.contains(letter))
      return std::unexpected(damaged("a letter and its record do not become durable together"));
  }
  return {};
}

// What is in the log now leaves no place for steps that failed before.
void Arrivals::take(Step step) {
  for (Wish& wish : step) {
    redriven_.insert(wish.letter);
    lines_.push_back(std::move(wish.line));
  }
  open_.clear();
}

}  // namespace tidemark::sim
