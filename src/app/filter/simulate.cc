// The verb simulate: the simulator's bars as JSON lines.
#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "app/process/exit_code.h"
#include "app/process/output_file.h"
#include "app/process/progress.h"
#include "app/filter/shuffle.h"
#include "app/config/simulated_symbols.h"
#include "app/process/tell.h"
#include "app/verbs.h"
#include "core/simulator/simulator.h"
#include "core/wire/encode.h"

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

}  // namespace

int simulate_verb(const SimulateOptions& options) {
  const auto done = simulate(options);
  if (done) return exit_ok;
  tell("simulate", done.error().message());
  return exit_code_of(done.error());
}

}  // namespace tidemark
