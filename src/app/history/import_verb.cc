// The verb import: its options and help.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "app/data_dir/lake_verb.h"
#include "app/history/import.h"
#include "app/history/import_admission.h"
#include "app/history/import_flags.h"
#include "io/config/setting.h"

namespace tidemark {
namespace {

int perform(ImportRequest& request, const RunOptions& /*run*/, const LakePlace& place) {
  return import_and_tell(request.options, place);
}

Result<Command> parse_import(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  ImportRequest request;
  ImportOptions& options = request.options;
  SettingFlags flags;
  verb.heading("Input");
  verb.operands("FILE...",
                "JSON lines, CSV or Parquet, or folders of them; plain, gzip, Zstandard or ZIP; - is standard input",
                options.files);
  verb.value("format", "auto|jsonl|csv|parquet|alpaca|polygon|binance", "auto",
             "what the files are, or whose messages and answers; their content tells", options.format,
             read_import_format);
  verb.value("bar-time", "start|end", "start", "which end of its interval a bar's time is: end takes an interval off",
             options.bar_time, read_bar_time);
  verb.heading("CSV and Parquet");
  ImportTexts texts;
  add_table_options(verb, options, texts);
  verb.heading("What is done");
  verb.file("rejects", "records that are no bars, with the reason (default: beside the import's account)",
            options.rejects);
  verb.toggle("no-recompute", "leave the trends as they are", [&](bool on) { options.no_recompute = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  verb.value("threads", "N", "2", "work on so much at once", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  add_memory(verb, options.memory_bytes);
  add_admission_options(verb, options);
  verb.heading("Where to");
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.heading("Windows, where the log does not say them or others are wanted");
  for (const auto* name : {"size", "slide"}) flags.add_to(verb, *find_setting(run_settings(), name));
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (options.files.empty()) return verb.failed("a file is missing");
    if (auto taken = take_table_options(verb, texts, options); !taken) return std::unexpected(taken.error());
    request.run = flags.take();
    return Command(
        std::move(request), +[](ImportRequest& of) { return on_lake("import", of, LakePlace::Use::Change, perform); });
  });
}

}  // namespace

extern const VerbSpec import_verb{
    .name = "import",
    .summary = "history from files into the lake",
    .usage = "[OPTIONS] FILE...|-",
    .about = R"(Imports bars from JSON lines, CSV and Parquet into the lake, all or none of them,
and recomputes the trends of the days they touch. Rows are checked like records:
numbers are exact; a row that is no bar is counted, kept with its reason, and named.
Bars that the lake already has are not written again, so the same import twice
changes nothing; if a bar occurs twice, the last one counts. Files may be in any
order of time and symbols. It may run beside `tidemark run`.

Nothing is imported, with exit code 1 and the lines concerned, if something looks
lost: a file with no bar, or with less than 99 % bars; rows that contradict one
another about the same bar; bars of another feed or interval than those that the
lake has of the symbol. A row that only adds nulls to the lake's bar is left out.

Columns are found by the names that Alpaca, Polygon, Yahoo and Stooq give them; a
folder symbol=AAPL gives the symbol. Ctrl-C leaves nothing behind.)",
    .examples = R"(  tidemark import 2025/*.jsonl.gz
  tidemark import --symbol-from-name --time-zone America/New_York AAPL.csv MSFT.csv
  tidemark import --columns symbol=@SPY,timestamp=Date+Time,feed=@sip spy.txt
  tidemark import --strict --json history.parquet | jq .imported
  tidemark import --allow-rejects=5% --rejects bad.jsonl old.csv
                                                a file that is known to have holes
  tidemark import --symbol-from-name --feed iex --interval 1m AAPL.csv
                                                beside bars of a backfill
  tidemark import --overwrite-nulls --feed sip corrected.csv
                                                its bars win, though they have no vwap
  tidemark import --json hive/bars | jq -c '.files[] | [.name, .imported, .rejected]')",
    .parse = parse_import};

}  // namespace tidemark
