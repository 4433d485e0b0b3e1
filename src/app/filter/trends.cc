#include "app/filter/trends.h"

#include <fmt/format.h>

#include <functional>
#include <mutex>
#include <span>
#include <thread>

#include "app/filter/filter_input.h"
#include "app/filter/left_out_text.h"
#include "app/filter/sink.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/progress.h"
#include "app/process/sequence_gate.h"
#include "app/process/signals.h"
#include "app/process/tell.h"
#include "core/pipeline/left_out.h"
#include "core/pipeline/machine.h"
#include "core/signal/ordinary_summary.h"
#include "core/signal/summary.h"
#include "core/wire/trend_lines.h"
#include "io/parquet/in_parallel.h"

namespace tidemark {
namespace {

// A list whose elements keep their memory when it is cleared.
template <typename Element>
class Reused {
 public:
  Element& add() {
    if (count_ == elements_.size()) elements_.emplace_back();
    return elements_[count_++];
  }
  void clear() { count_ = 0; }
  std::span<Element> all() { return std::span(elements_).first(count_); }

 private:
  std::vector<Element> elements_;
  std::size_t count_ = 0;
};

// A block of input with the results of each step. It is reused to reuse its memory.
struct Work {
  struct Line {
    std::string_view record;
    std::size_t number = 0;  // within the block, from 0
    std::size_t bytes_in_all = 0;
    bool in_turn = false;                // decoded only in turn
    const LineOrigin* origin = nullptr;  // set if the input was sorted or transcribed
    Decoded decoded;                     // unless in_turn
  };
  // A window that gives a row: ordinary, or one of `wide`.
  struct Row {
    OrdinaryWindow ordinary;
    std::uint32_t feed = none;  // of `feeds`, since a window's own is not kept
    bool is_wide = false;
  };
  struct WideRow {
    WindowState state;
    TrendStatus status;
  };
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint64_t number = 0;  // of this block in the input
  LineBlock block;
  Reused<Line> lines;          // without blank ones
  std::size_t line_count = 0;  // with blank ones
  Reused<Row> rows;
  Reused<WideRow> wide_rows;       // in the order of the rows
  std::vector<std::string> feeds;  // of ordinary rows
  Trend trend;                     // reused
  TrendLines writer;
  std::string output, late, rejects;

  void write(const OrdinaryWindow& window) {
    writer.append(summarize(window), output);
    output += '\n';
  }
  void write(const WindowState& state, TrendStatus status) {
    summarize(state, status, trend);
    writer.append(trend, state.indicators, output);
    output += '\n';
  }
};

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

// Names with escapes are stored in the decoder, not in the block, so such a record is decoded in turn.
bool outlives_decoder(const Decoded& decoded, std::string_view record) {
  const auto* const bar = std::get_if<Bar>(&decoded);
  return !bar || (lies_in(bar->symbol, record) && (!bar->feed || lies_in(*bar->feed, record)));
}

void decode_block(Decoder& decoder, Work& work) {
  work.lines.clear();
  work.line_count = 0;
  if (const auto& overlong = work.block.overlong) {
    work.line_count = 1;
    if (!overlong->is_blank)
      work.lines.add() = {work.block.lines, 0, overlong->bytes_in_all, false, nullptr, Reject{Reason::TooLong, {}}};
    return;
  }
  const char* p = work.block.lines.data();
  const char* const end = p + work.block.lines.size();
  for (; p != end; ++work.line_count) {
    const auto* const lf = static_cast<const char*>(::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    std::string_view record{p, lf ? lf : end};
    p = lf ? lf + 1 : end;
    const bool has_origin = !work.block.origins.empty();  // then each line is a record
    if (!has_origin && record.ends_with('\r')) record.remove_suffix(1);
    if (!has_origin && is_blank(record)) continue;
    Work::Line& line = work.lines.add();
    line.record = record;
    line.number = work.line_count;
    line.bytes_in_all = record.size();
    line.origin = has_origin ? &work.block.origins[work.line_count] : nullptr;
    if (line.origin && line.origin->bytes_in_all > 0) {
      line.bytes_in_all = line.origin->bytes_in_all;
      line.decoded = Reject{Reason::TooLong, {}};
      line.in_turn = false;
      continue;
    }
    decoder.decode(record, line.decoded);
    line.in_turn = !outlives_decoder(line.decoded, record);
  }
}

// Collects the machine's effects for the lines of a block.
class Gather : public Effects {
 public:
  // `spill` writes the rows collected so far, because one record can close more windows than memory should hold.
  Gather(Work& work, const TrendsOptions& options, LeftOut& left_out, std::function<void()> spill)
      : work_(work),
        options_(options),
        left_out_(left_out),
        spill_(std::move(spill)),
        writes_at_once_(options.threads == 1) {}

  // `position` counts for a line without an origin.
  void at(const Work::Line& line, std::int64_t position) {
    line_ = &line;
    position_ = position;
  }
  void judged(const Bar&, Verdict verdict) override {
    if (verdict != Verdict::Late) return;
    left_out_.late(source());
    if (!options_.late) return;
    work_.late += line_->record;
    work_.late += '\n';
  }
  void rejected(const Reject& reject) override {
    const bool is_transcribed = line_->origin && !line_->origin->original.empty();
    const std::string_view record = is_transcribed ? line_->origin->original : line_->record;
    left_out_.rejected(reject, source(), record);
    if (!options_.rejects) return;
    const std::size_t bytes =
        std::max(record.size(), line_->origin ? line_->origin->bytes_in_all : line_->bytes_in_all);
    append_dead_letter(reject, source(), record, bytes, work_.rejects);
    work_.rejects += '\n';
  }
  void closed(const WindowState& state) override { add(state, TrendStatus::Final); }
  void closed_ordinary(const OrdinaryWindow& window) override {
    if (writes_at_once_) {
      work_.write(window);
      return spill_if_full();
    }
    Work::Row& row = add();
    row.ordinary = window;
    row.feed = window.feed ? feed_number(*window.feed) : Work::none;
    row.is_wide = false;
  }
  void changed(const WindowState& state) override { add(state, TrendStatus::Update); }

 private:
  Source source() const {
    if (line_->origin) return {line_->origin->file, line_->origin->position};
    return {work_.block.file, position_};
  }
  void add(const WindowState& state, TrendStatus status) {
    if (writes_at_once_) {
      work_.write(state, status);
      return spill_if_full();
    }
    add().is_wide = true;
    Work::WideRow& wide = work_.wide_rows.add();
    wide.state = state;
    wide.status = status;
  }
  Work::Row& add() {
    if (work_.rows.all().size() == most_rows) spill_();
    return work_.rows.add();
  }
  void spill_if_full() {
    if (work_.output.size() >= most_bytes) spill_();
  }
  // Feeds seldom change from row to row.
  std::uint32_t feed_number(const std::string& feed) {
    if (work_.feeds.empty() || work_.feeds.back() != feed) work_.feeds.push_back(feed);
    return static_cast<std::uint32_t>(work_.feeds.size() - 1);
  }

  // Several threads keep the windows for later, because this is done in turn, and hand each other the turn seldom: three megabytes.
  static constexpr std::size_t most_rows = 16'384;
  static constexpr std::size_t most_bytes = 256 * 1024;

  Work& work_;
  const TrendsOptions& options_;
  LeftOut& left_out_;
  std::function<void()> spill_;
  bool writes_at_once_;
  const Work::Line* line_ = nullptr;
  std::int64_t position_ = 0;
};

void write_rows(Work& work) {
  const Work::WideRow* wide = work.wide_rows.all().data();
  for (Work::Row& row : work.rows.all()) {
    if (row.is_wide) {
      work.write(wide->state, wide->status);
      ++wide;
    } else {
      row.ordinary.feed = row.feed == Work::none ? nullptr : &work.feeds[row.feed];
      work.write(row.ordinary);
    }
  }
  work.rows.clear();
  work.wide_rows.clear();
  work.feeds.clear();
}

constexpr std::size_t small_block = 32 * 1024;

class Filter {
 public:
  static Result<Filter> open(const TrendsOptions& options) {
    auto input = open_filter_input(options);
    if (!input) return std::unexpected(input.error());
    auto output = Sink::open(options.output);
    if (!output) return std::unexpected(output.error());
    auto late = Sink::open_if_asked(options.late);
    if (!late) return std::unexpected(late.error());
    auto rejects = Sink::open_if_asked(options.rejects);
    if (!rejects) return std::unexpected(rejects.error());
    return Filter(options, std::move(*input), std::move(*output), std::move(*late), std::move(*rejects));
  }

  Result<void> run() {
    std::vector<std::jthread> threads;
    start_threads(options_.threads - 1, threads, [this] { work(); });
    work();
    threads.clear();  // joins
    if (output_error_) return std::unexpected(*output_error_);
    if (auto closed = close_windows(); !closed) return closed;
    for (Sink* const sink : {&late_, &rejects_, &output_})
      if (auto finished = sink->finish(); !finished) return finished;
    if (input_error_) return std::unexpected(*input_error_);
    return {};
  }

  const Account& account() const { return machine_.account(); }
  const LeftOut& left_out() const { return left_out_; }
  const BlockInput& input() const { return *input_; }

 private:
  Filter(const TrendsOptions& options, std::unique_ptr<BlockInput> input, Sink output, Sink late, Sink rejects)
      : options_(options),
        input_(std::move(input)),
        output_(std::move(output)),
        late_(std::move(late)),
        rejects_(std::move(rejects)),
        machine_(options.windows),
        turns_(std::make_unique<Turns>()),
        progress_(std::make_unique<Progress>("bars", std::nullopt)) {
    if (options_.updates) machine_.track_changes();
    if (options_.indicators) machine_.compute_indicators();
  }

  void work() {
    Work work;
    Decoder decoder;
    while (read(work)) {
      decode_block(decoder, work);
      turns_->engine.wait_for(work.number);
      apply(work);
      turns_->engine.pass();
      write_in_turn(work);
      turns_->output.pass();
    }
  }

  // Reads the next block and numbers it in the order of the input. False at the end.
  bool read(Work& work) {
    const std::lock_guard lock(turns_->input);
    if (ended_ || output_failed()) return false;
    const auto got = input_->next(work.block, stop_descriptor());
    if (!got) input_error_ = got.error();
    if (!got || !*got || stop_requested()) ended_ = true;
    if (!ended_) work.number = blocks_read_++;
    return !ended_;
  }

  void apply(Work& work) {
    if (work.block.begins_file) lines_before_ = 0;
    Gather gather(work, options_, left_out_, [&] { write_in_turn(work); });
    const std::span<const Work::Line> lines = work.lines.all();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i % WindowEngine::most_prefetched == 0) prefetch(lines.subspan(i));
      const Work::Line& line = lines[i];
      gather.at(line, lines_before_ + static_cast<std::int64_t>(line.number) + 1);
      if (line.in_turn)
        machine_.apply(line.record, gather);
      else
        machine_.apply(line.decoded, gather);
      if (options_.updates) machine_.emit_changes(gather);
    }
    lines_before_ += static_cast<std::int64_t>(work.line_count);
    progress_->advance_to(static_cast<std::uint64_t>(machine_.account().read), work.block.share_read);
  }

  // The bars of the next lines. With ten thousand symbols, the cache holds few.
  void prefetch(std::span<const Work::Line> lines) const {
    std::array<const Bar*, WindowEngine::most_prefetched> bars;
    std::size_t count = 0;
    for (const Work::Line& line : lines.first(std::min(lines.size(), bars.size())))
      if (const auto* const bar = std::get_if<Bar>(&line.decoded); bar && !line.in_turn) bars[count++] = bar;
    machine_.prefetch(std::span(bars).first(count));
  }

  // Earlier blocks no longer need the engine, so they pass even while this block holds it.
  void write_in_turn(Work& work) {
    write_rows(work);
    turns_->output.wait_for(work.number);
    write(work);
  }

  void write(Work& work) {
    if (output_failed()) return;
    // A small block means that lines trickle in, so somebody may be watching the output.
    const bool at_once = work.block.lines.size() < small_block;
    for (const Result<void>& done :
         {output_.take(work.output, at_once), late_.take(work.late, at_once), rejects_.take(work.rejects, at_once)})
      if (!done) fail(done.error());
  }

  // The end of the input closes the open windows, unless reading failed or the filter was stopped.
  Result<void> close_windows() {
    if (options_.keep_open || stop_requested() || input_error_) return {};
    class Write : public Effects {
     public:
      explicit Write(Sink& output) : output_(output) {}
      void judged(const Bar&, Verdict) override {}
      void rejected(const Reject&) override {}
      void changed(const WindowState&) override {}
      void closed(const WindowState& state) override {
        summarize(state, TrendStatus::Final, trend_);
        writer_.append(trend_, state.indicators, row_);
        write_row();
      }
      void closed_ordinary(const OrdinaryWindow& window) override {
        writer_.append(summarize(window), row_);
        write_row();
      }
      Result<void> result;

     private:
      void write_row() {
        row_ += '\n';
        if (auto done = output_.take(row_, false); !done && result) result = done;
      }

      Sink& output_;
      Trend trend_;
      TrendLines writer_;
      std::string row_;
    };
    Write write(output_);
    machine_.end(write);
    return write.result;
  }

  bool output_failed() const {
    const std::lock_guard lock(turns_->output_error);
    return output_error_.has_value();
  }
  void fail(const Error& error) {
    const std::lock_guard lock(turns_->output_error);
    if (!output_error_) output_error_ = error;
  }

  struct Turns {
    std::mutex input;
    SequenceGate engine, output;
    std::mutex output_error;
  };

  const TrendsOptions& options_;
  std::unique_ptr<BlockInput> input_;
  Sink output_, late_, rejects_;
  Machine machine_;
  LeftOut left_out_;
  std::unique_ptr<Turns> turns_;
  std::unique_ptr<Progress> progress_;
  bool ended_ = false;
  std::uint64_t blocks_read_ = 0;
  std::int64_t lines_before_ = 0;      // of the current file, before the block whose turn it is
  std::optional<Error> input_error_;   // output before the error is still written
  std::optional<Error> output_error_;  // nothing more can be written
};

void print_account(const Account& account) {
  fmt::print(stderr,
             R"({{"read":{},"accepted":{},"duplicate":{},"corrected":{},"late":{},"rejected":{}}})"
             "\n",
             account.read, account.accepted, account.duplicate, account.corrected, account.late, account.rejected);
}

// Prints one line if records are in no trend.
void tell_left_out(const Filter& filter, const TrendsOptions& options) {
  const std::string text = left_out_text(filter.left_out(), filter.account(), filter.input().skipped(), options);
  if (!text.empty()) tell("trends", text);
}

}  // namespace

int filter_trends(const TrendsOptions& options) {
  watch_stop_signals();
  auto filter = Filter::open(options);
  const auto refuse = [](const Error& error) { return fail("trends", error); };
  if (!filter) return refuse(filter.error());
  const auto done = filter->run();
  tell_left_out(*filter, options);
  if (!done) return refuse(done.error());
  if (options.stats) print_account(filter->account());
  return exit_ok;
}

}  // namespace tidemark
