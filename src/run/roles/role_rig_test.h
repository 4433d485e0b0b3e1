// In-memory log, store, feed and clock for tests of the roles, with a fault injector that strikes at any durable step.
// A kill is an exception that ends all roles; the stored state stays as it was.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/simulator/random.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/feed.h"
#include "run/interfaces/live.h"
#include "run/interfaces/log.h"
#include "run/interfaces/notifier.h"
#include "run/interfaces/store.h"

namespace tidemark {

struct Killed {};  // thrown where kill -9 would end the process

enum class Blow {
  Before,  // killed, and the step has not happened
  After,   // killed, and it has
  Refuse,  // fails once with a retryable error
};

// Counts the durable steps of all parts, and injects the fault at the chosen one.
class Fate {
 public:
  void strike_at(int step, Blow blow) {
    target_ = steps_ + step;
    blow_ = blow;
  }
  void relent() { target_ = 0; }
  int steps() const { return steps_; }

  template <typename Write>
  Result<void> step(Write write) {
    const bool struck = ++steps_ == target_;
    if (struck && blow_ == Blow::Before) throw Killed{};
    if (struck && blow_ == Blow::Refuse) return std::unexpected(Error::retryable("the world is busy"));
    write();
    if (struck && blow_ == Blow::After) throw Killed{};
    return {};
  }

 private:
  int steps_ = 0, target_ = 0;
  Blow blow_ = Blow::Before;
};

class MemoryLog : public Log {
 public:
  explicit MemoryLog(Fate& fate, std::size_t most_polled = 1'000'000) : fate_(fate), most_polled_(most_polled) {}

  Result<void> append(std::span<const Record> records, std::string_view feed, std::string_view cursor) override {
    const std::lock_guard guard(mutex_);
    return fate_.step([&] {
      for (const Record& record : records) topic(Topic::Bars).push_back(record);
      cursors_[std::string(feed)] = cursor;
    });
  }
  Result<std::optional<std::string>> cursor(std::string_view feed) override {
    const std::lock_guard guard(mutex_);
    const auto found = cursors_.find(std::string(feed));
    return found == cursors_.end() ? std::nullopt : std::optional(found->second);
  }

  Result<Batch> poll(Topic of, Position from, std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    return batch(of, static_cast<std::size_t>(from), std::min(limit, most_polled_), 8'000'000);
  }
  Result<Batch> tail(Topic of, std::size_t limit) override {
    const std::lock_guard guard(mutex_);
    const std::size_t count = std::min(limit, topic(of).size() - begins_[index(of)]);
    return batch(of, topic(of).size() - count, count, SIZE_MAX);
  }
  Result<Position> begin(Topic of) override {
    const std::lock_guard guard(mutex_);
    return static_cast<Position>(begins_[index(of)]);
  }
  Result<Position> end(Topic of) override {
    const std::lock_guard guard(mutex_);
    return static_cast<Position>(topic(of).size());
  }

  Result<ReaderState> restore(std::string_view reader) override {
    const std::lock_guard guard(mutex_);
    const Reader& found = readers_[std::string(reader)];
    return ReaderState{
        {found.positions.begin(), found.positions.end()}, {found.needed.begin(), found.needed.end()}, found.state};
  }
  Result<void> commit(const Commit& commit) override {
    const std::lock_guard guard(mutex_);
    return fate_.step([&] {
      for (const Output& output : commit.outputs) topic(output.topic).push_back(output.record);
      Reader& reader = readers_[commit.reader];
      for (const auto& [of, position] : commit.positions) reader.positions[of] = position;
      for (const auto& [of, position] : commit.needed) reader.needed[of] = position;
      if (commit.state) reader.state = commit.state;
    });
  }

  Result<Position> trim(Topic of, Position before) override {
    const std::lock_guard guard(mutex_);
    std::size_t& begin = begins_[index(of)];
    auto stop = static_cast<std::size_t>(std::clamp<Position>(before, 0, static_cast<Position>(topic(of).size())));
    for (const auto& [name, reader] : readers_)
      if (const auto found = reader.positions.find(of); found != reader.positions.end()) {
        const auto needed = reader.needed.find(of);
        const Position first = needed == reader.needed.end() ? found->second : std::min(needed->second, found->second);
        stop = std::min(stop, static_cast<std::size_t>(first));
      }
    stop = std::min(stop, begin + most_trimmed);
    if (stop > begin)
      if (auto done = fate_.step([&] { begin = stop; }); !done) return std::unexpected(done.error());
    return static_cast<Position>(begin);
  }
  Result<std::uint64_t> bytes() override {
    const std::lock_guard guard(mutex_);
    std::uint64_t sum = 0;
    for (std::size_t of = 0; of < topic_count; ++of)
      for (std::size_t i = begins_[of]; i < topics_[of].size(); ++i)
        sum += topics_[of][i].key.size() + topics_[of][i].value.size();
    return sum;
  }

  // Everything ever appended, trimmed or not.
  std::vector<Record>& topic(Topic of) { return topics_[index(of)]; }

  // Everything except the wall time, as text.
  std::vector<std::string> text(Topic of) {
    std::vector<std::string> lines;
    for (const Record& record : topic(of))
      lines.push_back(std::string(to_string(record.kind)) + " " + record.key + " " + record.value + " " +
                      std::to_string(nanos_since_epoch(record.time)));
    return lines;
  }

 private:
  static constexpr std::size_t most_trimmed = 100;  // per step

  struct Reader {
    std::map<Topic, Position> positions, needed;
    std::optional<std::string> state;
  };

  static std::size_t index(Topic of) { return static_cast<std::size_t>(of); }

  Batch batch(Topic of, std::size_t from, std::size_t limit, std::size_t most_bytes) {
    Batch batch(static_cast<Position>(from));
    std::size_t bytes = 0;
    for (std::size_t i = std::max(from, begins_[index(of)]);
         i < topic(of).size() && batch.size() < limit && bytes < most_bytes; ++i) {
      const Record& record = topic(of)[i];
      batch.add(static_cast<Position>(i), record.kind, record.key, record.value, record.time, record.ingested_at,
                record.bytes_in_all);
      bytes += record.value.size();
    }
    return batch;
  }

  Fate& fate_;
  std::size_t most_polled_;
  std::mutex mutex_;
  std::array<std::vector<Record>, topic_count> topics_;
  std::array<std::size_t, topic_count> begins_{};
  std::map<std::string, std::string> cursors_;
  std::map<std::string, Reader> readers_;
};

// Files by name; publishing one again replaces it. Each file is a step of its own.
class MemoryStore : public Store {
 public:
  explicit MemoryStore(Fate& fate) : fate_(fate) {}

  Result<StoredRows> find(const Publication& rows) const override {
    ++finds;
    StoredRows found;
    for (const Trend& trend : rows.trends) {
      std::string line;
      append_trend(trend, line);
      found.trends.push_back(has("trends", line));
    }
    for (const JudgedBar& bar : rows.bars) found.bars.push_back(has("bars", "bar " + std::to_string(bar.position)));
    return found;
  }

  std::vector<std::string> files(const Publication& publication) const override {
    std::vector<std::string> names;
    if (!publication.trends.empty()) names.push_back(name("trends", publication.trends_from, publication.trends_to));
    if (!publication.bars.empty()) names.push_back(name("bars", publication.bars_from, publication.bars_to));
    return names;
  }

  Result<void> publish(const Publication& publication) override {
    ++publications;
    std::map<std::string, std::vector<std::string>> made;
    for (const Trend& trend : publication.trends)
      append_trend(trend, made[name("trends", publication.trends_from, publication.trends_to)].emplace_back());
    for (const JudgedBar& bar : publication.bars)
      made[name("bars", publication.bars_from, publication.bars_to)].push_back("bar " + std::to_string(bar.position));
    for (const auto& [name, rows] : made)
      if (auto shown_now = fate_.step([&] { shown[name] = rows; }); !shown_now) return shown_now;
    return {};
  }

  // Every row that a reader of the files would see.
  std::vector<std::string> rows(std::string_view table) const {
    std::vector<std::string> all;
    for (const auto& [name, rows] : shown)
      if (name.starts_with(table)) all.insert(all.end(), rows.begin(), rows.end());
    return all;
  }

  std::map<std::string, std::vector<std::string>> shown;
  int publications = 0;
  mutable int finds = 0;  // how often it was asked what it has

 private:
  bool has(std::string_view table, const std::string& row) const {
    const auto all = rows(table);
    return std::ranges::find(all, row) != all.end();
  }

  static std::string name(std::string_view table, Position from, Position to) {
    const auto padded = [](Position position) { return std::to_string(1'000'000 + position).substr(1); };
    return std::string(table) + " " + padded(from) + " " + padded(to);
  }

  Fate& fate_;
};

class ManualClock : public Clock {
 public:
  EventTime now() const override { return time; }
  EventTime time = event_time_from_nanos(1'795'357'800'000'000'000);
};

class CountingNotifier : public Notifier {
 public:
  void notify() override { ++rings; }
  int rings = 0;
};

// Returns its records a few at a time; its cursor is the number returned so far.
class ScriptedFeed : public Feed {
 public:
  ScriptedFeed(const std::vector<Record>& records, std::size_t at_once) : records_(records), at_once_(at_once) {}

  std::string_view name() const override { return "scripted"; }
  Result<void> open(std::optional<std::string_view> cursor) override {
    if (cursor) std::from_chars(cursor->data(), cursor->data() + cursor->size(), returned_);
    return {};
  }
  Result<std::optional<FeedBatch>> poll(std::size_t limit) override {
    if (returned_ == records_.size()) return std::nullopt;
    FeedBatch batch;
    while (returned_ < records_.size() && batch.records.size() < std::min(limit, at_once_))
      batch.records.push_back(records_[returned_++]);
    batch.cursor = std::to_string(returned_);
    return batch;
  }
  FeedStatus status() const override { return {.name = "scripted"}; }

 private:
  const std::vector<Record>& records_;
  std::size_t at_once_;
  std::size_t returned_ = 0;
};

// A bounded input with everything: disorder, duplicates, corrections, late bars, heartbeats, lines that are no bars.
// `padding` makes records long, so that snapshots become due.
inline std::vector<Record> hostile_records(std::uint64_t seed, std::size_t count, std::size_t padding) {
  using namespace std::chrono_literals;
  Random random(seed);
  std::vector<Record> records;
  EventTime now = event_time_from_nanos(1'795'348'800'000'000'000);  // 2026-11-22T12:00:00Z
  const auto bar = [&](EventTime time) {
    const std::string symbol(1, static_cast<char>('A' + random.next() % 4));
    const std::string price = std::to_string(random.between(1, 50));
    return Record{.key = symbol,
                  .value = R"({"symbol":")" + symbol + R"(","timestamp":")" + format_timestamp(time) + R"(","open":)" +
                           price + R"(,"high":)" + price + R"(,"low":)" + price + R"(,"close":)" + price +
                           R"(,"volume":1,"ingested_at":")" + std::string(padding, 'x') + R"("})"};
  };
  while (records.size() < count) {
    now += Duration(1s) * random.between(0, 30);
    const EventTime time = floor_to(now - Duration(1s) * random.between(0, random.next() % 8 == 0 ? 1'500 : 200), 20s);
    switch (random.next() % 14) {
      case 0:
        records.push_back({.kind = RecordKind::Heartbeat, .time = time});
        break;
      case 1:
        records.push_back({.value = random.next() % 2 == 0 ? "no bar" : " \t"});
        break;
      case 2:
        if (!records.empty())
          records.push_back(records[records.size() - 1 - random.next() % std::min<std::size_t>(records.size(), 20)]);
        break;
      default:
        records.push_back(bar(time));
        break;
    }
  }
  records.push_back({.kind = RecordKind::End});
  return records;
}

}  // namespace tidemark
