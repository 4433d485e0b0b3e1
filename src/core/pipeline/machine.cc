#include "core/pipeline/machine.h"

#include <algorithm>

#include "core/check.h"
#include "core/stream/snapshot.h"

namespace tidemark {
namespace {

constexpr Duration most_ahead = std::chrono::hours(1);
constexpr std::int64_t most_counted = std::int64_t{1} << 62;  // more than any log holds

class Finals : public WindowSink {
 public:
  explicit Finals(Effects& effects) : effects_(effects) {}
  void window(const WindowState& state) override { effects_.closed(state); }
  void ordinary_window(const OrdinaryWindow& window) override { effects_.closed_ordinary(window); }

 private:
  Effects& effects_;
};

class Updates : public WindowSink {
 public:
  explicit Updates(Effects& effects) : effects_(effects) {}
  void window(const WindowState& state) override { effects_.changed(state); }

 private:
  Effects& effects_;
};

}  // namespace

void Machine::apply(const Decoded& decoded, std::optional<EventTime> appended_at, Effects& effects) {
  if (const auto* bar = std::get_if<Bar>(&decoded)) return apply(*bar, appended_at, effects);
  if (const auto* heartbeat = std::get_if<Heartbeat>(&decoded)) return this->heartbeat(heartbeat->time, effects);
  reject(std::get<Reject>(decoded), effects);
}

bool Machine::is_ahead_of_feed(EventTime bar, std::optional<EventTime> appended_at) const {
  if (max_ahead_ == 0 || !appended_at) return false;
  constexpr std::int64_t nanos_per_second = 1'000'000'000;
  const Int128 ahead = static_cast<Int128>(nanos_since_epoch(bar)) - nanos_since_epoch(*appended_at);
  return ahead > static_cast<Int128>(max_ahead_) * nanos_per_second;
}

// The contract fixes the order: the watermark observes the bar and closes what it passed before the bar is counted. So
// no bar gets into a closed window.
void Machine::apply(const Bar& bar, std::optional<EventTime> appended_at, Effects& effects) {
  if (latest_heartbeat_ && bar.values.time > *latest_heartbeat_ + most_ahead)
    return reject({Reason::AheadOfHeartbeat, "timestamp"}, effects);
  if (is_ahead_of_feed(bar.values.time, appended_at)) return reject({Reason::AheadOfFeed, "timestamp"}, effects);
  newest_bar_ = newest_bar_ ? std::max(*newest_bar_, bar.values.time) : bar.values.time;
  Finals finals(effects);
  engine_.observe(bar.values.time, finals);
  const Verdict verdict = engine_.count(bar);
  ++account_.read;
  switch (verdict) {
    case Verdict::Accepted:
      ++account_.accepted;
      break;
    case Verdict::Duplicate:
      ++account_.duplicate;
      break;
    case Verdict::Corrected:
      ++account_.corrected;
      break;
    case Verdict::Late:
      ++account_.late;
      break;
  }
  effects.judged(bar, verdict);
}

void Machine::reject(const Reject& reject, Effects& effects) {
  ++account_.read;
  ++account_.rejected;
  effects.rejected(reject);
}

void Machine::heartbeat(EventTime time, Effects& effects) {
  latest_heartbeat_ = latest_heartbeat_ ? std::max(*latest_heartbeat_, time) : time;
  Finals finals(effects);
  engine_.observe(time, finals);
}

void Machine::lower_watermark(EventTime to) {
  CHECK(can_lower_to(to));  // every log writes only such times
  engine_.lower_watermark(to);
  if (latest_heartbeat_) latest_heartbeat_ = std::min(*latest_heartbeat_, to + spec().delay);
  jumps_.lowered(to);
}

void Machine::end(Effects& effects) {
  Finals finals(effects);
  engine_.close_all(finals);
}

void Machine::emit_changes(Effects& effects) {
  Updates updates(effects);
  engine_.emit_changes(updates);
}

std::string Machine::snapshot() const {
  SnapshotWriter out;
  out.count(account_.accepted);
  out.count(account_.duplicate);
  out.count(account_.corrected);
  out.count(account_.late);
  out.count(account_.rejected);
  out.optional_time(latest_heartbeat_);
  out.count(max_ahead_);
  out.optional_time(newest_bar_);
  engine_.save(out);
  jumps_.save(out);
  return std::move(out).finish();
}

Result<WindowSpec> Machine::spec_of(std::string_view snapshot) {
  auto in = SnapshotReader::open(snapshot);
  if (!in) return std::unexpected(in.error());
  for (int counter = 0; counter < 5; ++counter) (void)in->count();  // the account
  (void)in->optional_time();                                        // the latest heartbeat
  if (in->version() >= 2) (void)in->count();                        // the limit
  if (in->version() >= 3) (void)in->optional_time();                // the newest bar
  const WindowSpec spec{Duration{in->count()}, Duration{in->count()}, Duration{in->count()}};
  if (!in->ok() || !spec.is_valid()) return std::unexpected(Error::permanent("the snapshot of the windows is damaged"));
  return spec;
}

Result<Machine> Machine::restore(std::string_view snapshot, const WindowSpec& spec) {
  const auto damaged = [] { return std::unexpected(Error::permanent("the snapshot of the windows is damaged")); };
  auto in = SnapshotReader::open(snapshot);
  if (!in) return std::unexpected(in.error());
  Machine machine(spec);
  Account& account = machine.account_;
  for (std::int64_t* const count :
       {&account.accepted, &account.duplicate, &account.corrected, &account.late, &account.rejected}) {
    *count = in->count();
    if (*count < 0 || *count > most_counted - account.read) return damaged();
    account.read += *count;
  }
  machine.latest_heartbeat_ = in->optional_time();
  if (in->version() >= 2) machine.max_ahead_ = in->count();
  if (machine.max_ahead_ < 0) return damaged();
  if (in->version() >= 3) machine.newest_bar_ = in->optional_time();
  if (auto loaded = machine.engine_.load(*in); !loaded) return std::unexpected(loaded.error());
  if (in->version() >= 3 && !machine.jumps_.load(*in)) return damaged();
  if (!in->at_end()) return damaged();
  return machine;
}

}  // namespace tidemark
