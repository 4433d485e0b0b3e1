#include "app/filter/simulate.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/config/configuration.h"
#include "app/config/simulated_symbols.h"
#include "app/config/value_text.h"
#include "app/filter/shuffle.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/output_file.h"
#include "app/process/progress.h"
#include "core/simulator/simulator.h"
#include "core/time/time.h"
#include "core/time/time_limits.h"
#include "core/wire/encode.h"
#include "io/config/setting.h"

namespace tidemark {
namespace {

Result<void> write_in_order(Simulator& simulator, std::uint64_t minutes, OutputFile& out, Progress& progress) {
  for (std::uint64_t minute = 0; minute < minutes; ++minute) {
    for (const Bar& bar : simulator.round()) {
      append_bar(bar, out.buffer());
      out.buffer() += '\n';
      if (auto written = out.flush_if_full(); !written) return written;
    }
    progress.advance_to((minute + 1) * simulator.symbol_count());
  }
  return {};
}

Result<void> write_shuffled(Simulator& simulator, std::uint64_t minutes, Shuffle shuffle, OutputFile& out,
                            Progress& progress) {
  std::string line;
  for (std::uint64_t minute = 0; minute < minutes; ++minute) {
    for (const Bar& bar : simulator.round()) {
      line.clear();
      append_bar(bar, line);
      line += '\n';
      shuffle.add(bar.values.time, line);
    }
    shuffle.release_before(simulator.next_minute(), out.buffer());
    if (auto written = out.flush_if_full(); !written) return written;
    progress.advance_to((minute + 1) * simulator.symbol_count());
  }
  const auto end = simulator.next_minute() + std::chrono::minutes(shuffle.span_in_minutes());
  for (EventTime minute = simulator.next_minute(); minute <= end; minute += std::chrono::minutes(1)) {
    shuffle.release_before(minute, out.buffer());
    if (auto written = out.flush_if_full(); !written) return written;
  }
  return {};
}

Result<void> simulate(const SimulateOptions& options) {
  auto out = OutputFile::open(options.output);
  if (!out) return std::unexpected(out.error());
  Simulator simulator({.seed = options.seed, .symbols = simulated_symbols(options.symbols), .start = options.start});
  Progress progress("bars", options.minutes * simulator.symbol_count());
  auto written =
      options.shuffle == Duration::zero()
          ? write_in_order(simulator, options.minutes, *out, progress)
          : write_shuffled(simulator, options.minutes, Shuffle(options.shuffle, options.seed), *out, progress);
  if (!written) return written;
  return out->finish();
}

int perform(const SimulateOptions& options) {
  const auto done = simulate(options);
  if (done) return exit_ok;
  return fail("simulate", done.error());
}

Result<Command> parse_simulate(const VerbSpec& spec, Words words) {
  using namespace std::chrono_literals;
  OptionParser verb(spec);
  SimulateOptions options;
  verb.heading("Market");
  verb.value(
      "symbols", "A,B,...|N", "", "names, or how many; five well-known ones if not set", options.symbols,
      [](const std::string& text) { return read_symbols(split_for(*find_setting(run_settings(), "symbols"), text)); });
  verb.value("minutes", "N", "120", "how many minutes of the market", options.minutes,
             [](const std::string& text) { return read_whole_number(text, 1, 50'000'000); });
  verb.value("start", "TIME", "2026-01-05T14:30:00Z", "the first minute", options.start, read_minute);
  verb.value("seed", "N", "1", "another number is another market", options.seed,
             [](const std::string& text) { return read_whole_number(text, 0, ~std::uint64_t{0}); });
  verb.heading("Output");
  verb.value("shuffle", "TIME", "", "out of order: every bar leaves its place by less than this much market time",
             options.shuffle, [](const std::string& text) { return read_duration(text, 0s, 24h); });
  verb.file("output", "instead of standard output", options.output);
  return parse_words(verb, words, [&]() -> Result<Command> {
    const EventTime last = std::chrono::sys_days{last_year / 1 / 1};
    if (options.minutes > static_cast<std::uint64_t>((last - options.start) / 1min)) {
      return verb.failed("--minutes leads beyond the year 2260; take fewer, or an earlier --start");
    }
    return Command(std::move(options), perform);
  });
}

}  // namespace

extern const VerbSpec simulate_verb{
    .name = "simulate",
    .summary = "a simulated market as JSON lines",
    .usage = "[OPTIONS]",
    .about = R"(Writes minute bars of a market that walks at random, one JSON object a line. The
same options give the same bytes on every machine. It is a demonstration and a
load, not a forecast.)",
    .examples = R"(  tidemark simulate | head -n 5
  tidemark simulate --symbols AAPL,MSFT --minutes 390 > day.jsonl
  tidemark simulate --symbols 1000 --minutes 3000 --shuffle 2m > bench.jsonl
                                                3 million bars out of order)",
    .parse = parse_simulate};

}  // namespace tidemark
