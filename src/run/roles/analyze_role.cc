#include "run/roles/analyze_role.h"

#include <algorithm>
#include <charconv>

#include "core/check.h"
#include "core/signal/summary.h"
#include "core/wire/encode.h"
#include "run/interfaces/readers.h"
#include "run/roles/worker_status.h"

namespace tidemark {
namespace {

constexpr std::size_t most_replayed = 4'096;  // per poll
// A snapshot is worth its bytes once enough input lies behind the last one. So a start stays fast, and snapshots remain
// a small part of what is written.
constexpr std::size_t least_bytes_between_snapshots = 256 * 1'024;
constexpr std::size_t input_per_snapshot_byte = 4;
// Of a batch whose outputs are kept as memory for the next one.
constexpr std::size_t most_spare_bytes = 4 * 1'024 * 1'024;

// The receivers of finals and updates besides the log, which gets all finals.
struct Audience {
  bool live = false;                // the page, the console
  bool readers_of_the_log = false;  // updates, too
};

// Records a bar with its verdict; returns the jump that made it late, if any.
std::optional<WatermarkJump> note_verdict(JumpWatch& jumps, const Bar& bar, Verdict verdict) {
  if (verdict == Verdict::Late) return jumps.late(bar.values.time);
  if (verdict == Verdict::Accepted) jumps.accepted(bar.values.time);
  return std::nullopt;
}

// Ignores effects while a start replays: they were committed before.
class Ignore : public Effects {
 public:
  explicit Ignore(JumpWatch& jumps) : jumps_(jumps) {}
  void judged(const Bar& bar, Verdict verdict) override { note_verdict(jumps_, bar, verdict); }
  void rejected(const Reject&) override {}
  void closed(const WindowState&) override {}
  void changed(const WindowState&) override {}

 private:
  JumpWatch& jumps_;
};

void apply_to_windows(const Batch::View& record, Machine& machine, Effects& effects) {
  switch (record.kind) {
    case RecordKind::Data:
      // Only the kept beginning of an oversized record may be blank.
      if (record.bytes_in_all > 0 || !is_blank(record.value)) machine.apply(record.value, record.ingested_at, effects);
      break;
    case RecordKind::Heartbeat:
      machine.heartbeat(record.time, effects);
      break;
    case RecordKind::End:
      machine.end(effects);
      break;
    case RecordKind::Limit: {
      const auto seconds = parse_limit(record.value);
      CHECK(seconds.has_value());  // every log writes only such values
      machine.limit_ahead(*seconds);
      break;
    }
    case RecordKind::LowerWatermark:
      machine.lower_watermark(record.time);
      break;
  }
}

void apply(const Batch::View& record, Machine& machine, Effects& effects) {
  const auto before = machine.watermark().largest_seen();
  apply_to_windows(record, machine, effects);
  if (before && record.kind != RecordKind::End)
    machine.jumps().moved(*before, *machine.watermark().largest_seen(), machine.spec().delay,
                          {to_string(Topic::Bars), record.position}, record.key);
}

// The reader's state in the log: the position of the snapshot, a space, the snapshot.
std::string join_state(Position position, const std::string& snapshot) {
  return std::to_string(position) + ' ' + snapshot;
}

struct SplitState {
  Position position = 0;
  std::string_view snapshot;
};

std::optional<SplitState> split_state(std::string_view state) {
  SplitState split;
  const char* const end = state.data() + state.size();
  const auto [rest, error] = std::from_chars(state.data(), end, split.position);
  if (error != std::errc{} || rest == end || *rest != ' ') return std::nullopt;
  split.snapshot = {rest + 1, end};
  return split;
}

Error damaged_state() { return Error::permanent("the state of the reader \"analyze\" in the log is damaged"); }

Error lost(const std::string& what, Position to) {
  return Error::permanent("the log has lost bars that were judged already: its table " +
                          std::string(to_string(Topic::Bars)) + " " + what + ", before " + std::to_string(to));
}

}  // namespace

// Collects what the machine makes of a batch, as outputs for the log and rows for the page.
class AnalyzeRole::Outcome : public Effects {
 public:
  Outcome(std::vector<Output>& outputs, LiveBatch& live, LeftOut& left_out, JumpWatch& jumps,
          std::array<std::int64_t, reason_count>& rejected, Audience audience)
      : outputs_(outputs), live_(live), left_out_(left_out), jumps_(jumps), rejected_(rejected), audience_(audience) {}

  void at(const Batch::View& record) { record_ = &record; }
  void end() { outputs_.resize(used_); }

  void judged(const Bar& bar, Verdict verdict) override {
    if (verdict == Verdict::Duplicate) return;
    append_judged_bar(bar, verdict, record_->position, add(Topic::JudgedBars, bar.symbol));
    if (audience_.live) live_.bars.push_back(live_bar(std::string(bar.symbol), bar.values));
    if (verdict == Verdict::Late) {
      add(Topic::LateBars, bar.symbol) = record_->value;
      left_out_.late(source());
      if (auto jump = note_verdict(jumps_, bar, verdict)) left_out_.jump = std::move(jump);
      return;
    }
    note_verdict(jumps_, bar, verdict);
    if (!live_.ingested_at || record_->ingested_at < *live_.ingested_at) live_.ingested_at = record_->ingested_at;
  }
  void rejected(const Reject& reject) override {
    ++rejected_[static_cast<std::size_t>(reject.reason)];
    left_out_.rejected(reject, source(), record_->value);
    const std::size_t bytes = std::max(record_->value.size(), record_->bytes_in_all);
    append_dead_letter(reject, source(), record_->value, bytes, add(Topic::DeadLetters, record_->key));
  }
  void closed(const WindowState& state) override {
    summarize(state, TrendStatus::Final, trend_);
    append_trend(trend_, add(Topic::Trends, trend_.symbol));
    if (audience_.live) live_.trends.push_back(trend_);
  }
  void changed(const WindowState& state) override {
    summarize(state, TrendStatus::Update, trend_);
    if (audience_.readers_of_the_log) append_trend(trend_, add(Topic::Trends, trend_.symbol));
    if (audience_.live) live_.trends.push_back(trend_);
  }

 private:
  Source source() const { return {to_string(Topic::Bars), record_->position}; }
  // Adds a record to this topic; returns its value, which is empty, for the caller to write.
  std::string& add(Topic topic, std::string_view key) {
    if (used_ == outputs_.size()) outputs_.emplace_back();
    Output& output = outputs_[used_++];
    output.topic = topic;
    output.record.key = key;
    output.record.value.clear();
    output.record.ingested_at = record_->ingested_at;
    return output.record.value;
  }

  std::vector<Output>& outputs_;
  std::size_t used_ = 0;  // of the outputs; the others are left from an earlier batch
  LiveBatch& live_;
  LeftOut& left_out_;
  JumpWatch& jumps_;
  std::array<std::int64_t, reason_count>& rejected_;
  Audience audience_;
  const Batch::View* record_ = nullptr;
  Trend trend_;
};

Result<std::optional<WindowSpec>> AnalyzeRole::windows_of(Log& log) {
  const auto restored = log.restore(analyze_reader);
  if (!restored) return std::unexpected(restored.error());
  if (!restored->state) return std::nullopt;
  const auto state = split_state(*restored->state);
  if (!state) return std::unexpected(damaged_state());
  const auto spec = Machine::spec_of(state->snapshot);
  if (!spec) return std::unexpected(spec.error());
  return *spec;
}

Result<void> AnalyzeRole::open() {
  auto restored = log_.restore(analyze_reader);
  if (!restored) return std::unexpected(restored.error());
  if (restored->state) {
    const auto state = split_state(*restored->state);
    if (!state) return std::unexpected(damaged_state());
    auto machine = Machine::restore(state->snapshot, machine_.spec());
    if (!machine) return std::unexpected(machine.error());
    machine_ = std::move(*machine);
    position_ = state->position;
    snapshot_bytes_ = state->snapshot.size();
  }
  if (restored->positions.empty()) {
    // A new log need not begin at 0.
    const auto begin = log_.begin(Topic::Bars);
    if (!begin) return std::unexpected(begin.error());
    position_ = *begin;
  }
  if (auto done = replay(restored->position(Topic::Bars)); !done) return done;
  if (emits_changes()) machine_.track_changes();
  if (!live_) return {};
  machine_.mark_open_windows();
  LiveBatch live;
  std::vector<Output> none;
  LeftOut nothing;
  Outcome outcome(none, live, nothing, machine_.jumps(), rejected_, {.live = true});
  machine_.emit_changes(outcome);
  describe_state(live);
  live_->committed(std::move(live));
  return {};
}

Result<void> AnalyzeRole::replay(Position to) {
  Ignore ignore(machine_.jumps());
  if (!log_.is_dense())  // Kafka: asking for the end waits until it is readable
    if (const auto end = log_.end(Topic::Bars); !end) return std::unexpected(end.error());
  while (position_ < to) {
    const auto batch = log_.poll(Topic::Bars, position_,
                                 std::min<std::size_t>(most_replayed, static_cast<std::size_t>(to - position_)));
    if (!batch) return std::unexpected(batch.error());
    if (batch->next_position() == position_ || (log_.is_dense() && (*batch)[0].position != position_))
      return std::unexpected(lost(
          batch->empty() ? "ends at offset " + std::to_string(position_) : "has no offset " + std::to_string(position_),
          to));
    for (std::size_t i = 0; i < batch->size() && (*batch)[i].position < to; ++i) {
      apply((*batch)[i], machine_, ignore);
      bytes_since_snapshot_ += (*batch)[i].value.size();
    }
    position_ = std::min(to, batch->next_position());
  }
  return {};
}

Result<std::size_t> AnalyzeRole::do_work() {
  if (!pending_) {
    const auto batch = log_.poll(Topic::Bars, position_, options_.most_records);
    if (!batch) return std::unexpected(batch.error());
    if (batch->empty() && !changes_are_due_) {
      position_ = batch->next_position();
      return 0;
    }
    process(*batch);
  }
  if (auto done = log_.commit(pending_->commit); !done) return std::unexpected(done.error());
  const std::size_t records = pending_->records;
  if (live_) live_->committed(std::move(pending_->live));
  left_out_.add(std::move(pending_->left_out));
  // While batches are full, the next one makes as much. Long records are not kept.
  if (records == options_.most_records && pending_->bytes <= most_spare_bytes)
    spare_outputs_ = std::move(pending_->commit.outputs);
  pending_.reset();
  store_.notify();
  return records;
}

void AnalyzeRole::process(const Batch& batch) {
  Pending& pending = pending_.emplace();
  pending.commit.outputs = std::move(spare_outputs_);
  spare_outputs_.clear();
  Outcome outcome(pending.commit.outputs, pending.live, pending.left_out, machine_.jumps(), rejected_,
                  {.live = live_ != nullptr, .readers_of_the_log = options_.updates_are_records});
  std::size_t bytes = 0;
  Batch::View record = {.ingested_at = last_ingested_at_};
  outcome.at(record);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    record = batch[i];
    outcome.at(record);
    apply(record, machine_, outcome);
    bytes += record.value.size();
  }
  position_ = batch.next_position();
  last_ingested_at_ = record.ingested_at;
  // While batches are full and more is waiting, updates of open windows are not needed. If what is waiting turns out to
  // be no record (Kafka: the marker of a transaction), they follow with the next poll.
  changes_are_due_ = emits_changes() && batch.size() == options_.most_records && log_.end(Topic::Bars) != position_;
  if (emits_changes() && !changes_are_due_) machine_.emit_changes(outcome);
  outcome.end();
  describe_state(pending.live);
  if (options_.updates_are_records) pending.commit.run_status = write_worker_status(pending.live);
  pending.records = batch.size();
  pending.bytes = bytes;
  pending.commit.reader = analyze_reader;
  pending.commit.positions = {{Topic::Bars, position_}};
  snapshot_if_due(pending.commit, bytes);
}

void AnalyzeRole::snapshot_if_due(Commit& commit, std::size_t bytes_read) {
  bytes_since_snapshot_ += bytes_read;
  // The first commit always has one: it states the windows of this log.
  const bool is_first = snapshot_bytes_ == 0;
  if (!is_first &&
      bytes_since_snapshot_ < std::max(least_bytes_between_snapshots, snapshot_bytes_ * input_per_snapshot_byte))
    return;
  const std::string snapshot = machine_.snapshot();
  snapshot_bytes_ = snapshot.size();
  bytes_since_snapshot_ = 0;
  commit.state = join_state(position_, snapshot);
  commit.needed = {{Topic::Bars, position_}};  // a start replays what is after the snapshot
}

void AnalyzeRole::describe_state(LiveBatch& live) const {
  live.account = machine_.account();
  live.watermark = machine_.watermark().time();
  live.event_time = machine_.watermark().largest_seen();
  live.jump = machine_.jumps().last();
}

}  // namespace tidemark
