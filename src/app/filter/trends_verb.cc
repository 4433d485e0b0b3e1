// The verb trends: its options and help.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/config/value_text.h"
#include "app/filter/list_columns.h"
#include "app/filter/trends.h"
#include "core/stream/window_spec.h"
#include "core/transcribe/bar_format.h"
#include "core/wire/table_columns.h"

namespace tidemark {
namespace {

int perform(TrendsOptions& options) { return filter_trends(options); }

void add_windows(OptionParser& verb, WindowSpec& windows) {
  verb.heading("Windows");
  verb.value("size", "TIME", "5m", "length of a window", windows.size, read_window_size);
  verb.value("slide", "TIME", "1m", "a window begins every so often; divides size", windows.slide, read_window_slide);
  verb.value("delay", "TIME", "2m", "how long a window waits for bars out of order", windows.delay, read_window_delay);
}

// The options for foreign formats, and for the symbol of bars that do not name one.
void add_transcribing(OptionParser& verb, TranscribeOptions& options, std::string& columns) {
  verb.value("format", "auto|jsonl|alpaca|polygon|binance", "auto",
             "who wrote the bars: messages or answers of these; a file's first record tells", options.format,
             read_bar_format);
  verb.value("symbol", "NAME", "", "whose the bars are, in lists that name nobody",
             [&](const std::string& text) { options.symbol = text; });
  verb.value("columns", "FIELD=N,...", "timestamp=1,open=2,high=3,low=4,close=5,volume=6",
             "which place of such a list is what, from 1; also symbol=@NAME",
             [&](const std::string& text) { columns = text; });
  verb.toggle("symbol-from-name", "or the name of their file says it: BTCUSDT.json",
              [&](bool on) { options.symbol_from_name = on; });
}

Result<Command> parse_trends(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  TrendsOptions options;
  verb.heading("Input");
  verb.operands("FILE...", "bars; plain, gzip, Zstandard or ZIP; - or none is standard input", options.files);
  std::string columns;
  add_transcribing(verb, options.transcribe, columns);
  verb.toggle("sort", "in order of time, as for files that are sorted by symbol or hold a symbol each",
              [&](bool on) { options.sort.sort = on; });
  verb.value("sort-memory", "SIZE", "512MB", "beyond it sorting takes temporary files, in $TMPDIR or /var/tmp",
             options.sort.memory_bytes, read_sort_memory);
  verb.toggle("keep-open", "the end of the input closes no window", [&](bool on) { options.keep_open = on; });
  add_windows(verb, options.windows);
  verb.heading("Output");
  verb.file("output", "instead of standard output", options.output);
  verb.toggle("updates", "also the provisional rows of open windows", [&](bool on) { options.updates = on; });
  verb.toggle("indicators", "rows end with SMA, EMA, RSI, MACD, Bollinger, ATR and session VWAP",
              [&](bool on) { options.indicators = on; });
  verb.file("late", "bars that came after all their windows had closed", options.late);
  verb.file("rejects", "records that are no bars, with the reason", options.rejects);
  verb.toggle("stats",
              "at the end one line of JSON on standard error: read, accepted, duplicate, corrected, late, rejected",
              [&](bool on) { options.stats = on; });
  verb.heading("Speed");
  verb.value("threads", "N", "1", "more give the same bytes, sooner", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (auto sane = check_windows(options.windows); !sane) return verb.failed(sane.error().message());
    if (!columns.empty()) {
      const auto choices = parse_column_choices(columns);
      if (!choices) return verb.failed("--columns: " + choices.error().message());
      if (auto taken = take_list_columns(*choices, options.transcribe); !taken)
        return verb.failed("--columns: " + taken.error().message());
    }
    return Command(std::move(options), perform);
  });
}

}  // namespace

extern const VerbSpec trends_verb{
    .name = "trends",
    .summary = "a Unix filter: bars as JSON lines in, trends as JSON lines out",
    .usage = "[OPTIONS] [FILE...|-]",
    .about = R"(Reads bars, one JSON object a line, from files (one after the other) or standard
input, and writes the final trend of every window as soon as it closes. Messages
and answers of Alpaca, Polygon and Binance are read, too. It reads no configuration
file, holds only open windows, and the same input gives the same bytes. What is in
no trend is told in one line on standard error, with the cure.)",
    .examples = R"(  tidemark trends bars.jsonl.gz > trends.jsonl
  tidemark simulate --minutes 390 | tidemark trends --stats | tail -n 3
  zcat day/*.gz | tidemark trends --late late.jsonl --rejects rejects.jsonl
  tidemark trends --size 1h --slide 15m --delay 0s bars.jsonl
  tidemark trends --indicators bars.jsonl | jq -c '[.symbol,.window_end,.rsi_14,.macd_histogram]'
  tidemark trends --sort bars.jsonl             a file that is sorted by symbol
  tail -f bars.jsonl | tidemark trends --updates | jq -c '[.symbol,.status,.trend_signal]')",
    .parse = parse_trends};

}  // namespace tidemark
