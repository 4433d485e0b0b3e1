// The verb alpaca-server: builds the requested market and serves it as Alpaca would.
#include "io/alpaca_server/alpaca_server.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/config/simulated_symbols.h"
#include "app/data_dir/lake_place.h"
#include "app/live/alpaca_server_options.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/signals.h"
#include "app/process/system_clock.h"
#include "core/time/time.h"
#include "core/wire/decode.h"
#include "io/input/line_reader.h"
#include "io/lake/lake.h"
#include "io/lake/lake_bars.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t many_symbols = 1'000;

Result<void> read_file(const std::string& path, Recording& recording, Journal& journal) {
  auto source = ByteSource::open(path);
  if (!source) return std::unexpected(source.error());
  LineReader lines(std::move(*source));
  Decoder decoder;
  std::uint64_t bars = 0, rejected = 0;
  while (!stop_requested()) {
    const auto found = lines.next();
    if (!found) return std::unexpected(found.error());
    if (*found != LineReader::Found::Record) break;
    const Decoded decoded = decoder.decode(lines.record());
    if (const Bar* bar = std::get_if<Bar>(&decoded))
      recording.add(*bar), ++bars;
    else if (std::holds_alternative<Reject>(decoded))
      ++rejected;
  }
  if (rejected > 0)
    journal.warning("alpaca.lines_left_out",
                    {{"file", path}, {"bars", std::to_string(bars)}, {"no_bars", std::to_string(rejected)}});
  return {};
}

Result<void> read_lake(const std::filesystem::path& data, Recording& recording) {
  RunOptions options;
  options.data = data;
  const auto place = LakePlace::of_data(std::move(options), LakePlace::Use::Question);
  if (!place) return std::unexpected(place.error());
  if (auto is_there = place->expect_lake(); !is_there) return is_there;
  const Lake lake = place->lake();
  const auto days = lake.days(LakeTable::Bars);
  if (!days) return std::unexpected(days.error());
  for (const LakeDay day : *days) {
    auto bars = LakeBars::open(lake, day);
    if (!bars) return std::unexpected(bars.error());
    while (!stop_requested()) {
      const auto bar = bars->next();
      if (!bar) return std::unexpected(bar.error());
      if (*bar == nullptr) break;
      recording.add(**bar);
    }
  }
  return {};
}

// The bars of the market, and the time at which it starts.
class Market {
 public:
  explicit Market(const AlpacaServerVerbOptions& options) : options_(options) {}

  Result<std::vector<SymbolTape>> open(Journal& journal) {
    if (options_.files.empty() && !options_.data) return simulate();
    Recording recording;
    for (const std::string& file : options_.files)
      if (auto read = read_file(file, recording, journal); !read) return std::unexpected(read.error());
    if (options_.data)
      if (auto read = read_lake(*options_.data, recording); !read) return std::unexpected(read.error());
    if (recording.empty()) return std::unexpected(Error::setup("there is no bar in what was given"));
    start_ = options_.start.value_or(recording.first() + options_.history.value_or(0s));
    return std::move(recording).finish();
  }
  EventTime start() const { return start_; }

 private:
  std::vector<SymbolTape> simulate() {
    auto symbols = simulated_symbols(options_.symbols);
    start_ = options_.start.value_or(SystemClock().now());
    const Duration sensible = symbols.size() > many_symbols ? Duration(1h) : std::chrono::days(5);
    const EventTime from = start_ - options_.history.value_or(sensible);
    std::vector<SymbolTape> tapes;
    tapes.reserve(symbols.size());
    for (SimulatedSymbol& symbol : symbols)
      tapes.push_back(simulated_tape(std::move(symbol), options_.seed, from, options_.server.hours));
    return tapes;
  }

  const AlpacaServerVerbOptions& options_;
  EventTime start_{};
};

std::vector<ApiKey> keys_of_environment() {
  const char* key = std::getenv("ALPACA_API_KEY");
  const char* secret = std::getenv("ALPACA_API_SECRET");
  if (key == nullptr || secret == nullptr || *key == '\0' || *secret == '\0') return {};
  return {{key, secret}};
}

Result<void> serve(const AlpacaServerVerbOptions& options) {
  watch_stop_signals();
  ignore_broken_pipes();
  const auto journal = open_journal(options.journal);
  Market market(options);
  auto symbols = market.open(*journal);
  if (!symbols) return std::unexpected(symbols.error());
  if (stop_requested()) return {};
  AlpacaServerOptions server_options = options.server;
  server_options.start = market.start();
  if (server_options.keys.empty()) server_options.keys = keys_of_environment();
  auto server = open_alpaca_server(std::move(server_options), std::move(*symbols), *journal);
  if (!server) return std::unexpected(server.error());
  fmt::print("{}\n", (*server)->url());
  std::fflush(stdout);
  (*server)->run(stop_descriptor());
  return {};
}

int perform(const AlpacaServerVerbOptions& options) {
  const auto done = serve(options);
  if (done) return exit_ok;
  return fail("alpaca-server", done.error());
}

Result<Command> parse_alpaca_server(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  AlpacaServerFlags flags;
  flags.add_to(verb);
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (const auto wrong = flags.judge()) return verb.failed(*wrong);
    return Command(flags.take(), perform);
  });
}

}  // namespace

extern const VerbSpec alpaca_server_verb{
    .name = "alpaca-server",
    .summary = "a server that Alpaca's SDKs take for Alpaca",
    .usage = "[OPTIONS] [FILE...]",
    .about = R"(Serves the stream (ws://HOST:PORT/v2/iex, /v1beta3/crypto/us) and the history
(http://HOST:PORT/v2/stocks/bars) that Alpaca's official SDKs ask for, over a
simulated market, recorded bars or a lake: to try a bot at night, and to see what
it does when the stream breaks. The same bars come by stream and by history. Keys
may be any on this machine. docs/alpaca-server.md has clients in Python and Go.)",
    .examples = R"(  tidemark alpaca-server                        a simulated market, in real time
  tidemark alpaca-server --speed 60 --start 2026-01-05T14:30:00Z
                                                a market minute a second
  tidemark alpaca-server monday.jsonl.gz --speed 60
                                                a recorded day once more
  tidemark alpaca-server --data tidemark-data --history 1d
                                                a lake, of which a day is past
  tidemark alpaca-server --drop-after 30s --corrections 5% --late 1%
                                                the weather as it can be)",
    .parse = parse_alpaca_server};

}  // namespace tidemark
