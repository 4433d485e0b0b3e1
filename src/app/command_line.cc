#include "app/command_line.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "app/client_advice.h"
#include "app/configuration.h"
#include "app/help.h"
#include "app/import_admission.h"
#include "app/import_flags.h"
#include "app/list_columns.h"
#include "app/operands.h"
#include "app/value_text.h"
#include "app/verb_options.h"
#include "io/config/nearest.h"
#include "io/serve/tokens.h"

namespace tidemark {
namespace {

using Words = std::span<const std::string>;

// What every parse_… has in common: the verb's own errors and help go before its result.
template <typename Finish>
Result<Command> parse(Verb& verb, Words words, Finish finish) {
  auto help = verb.parse(words);
  if (!help) return std::unexpected(help.error());
  if (*help) return Command(std::move(**help));
  return finish();
}

// Of a verb that works on what is there, and makes no directory.
void add_existing_data(RunFlags& flags, Verb& verb) {
  flags.add_to(verb, *find_setting(run_settings(), "data"), "the directory of log and lake; it must be there");
}

Result<Command> parse_run(Words words) {
  Verb verb("run");
  RunFlags flags;
  flags.add_to(verb);
  return parse(verb, words, [&]() -> Result<Command> { return flags.take(); });
}

Result<Command> parse_part(Part part, Words words) {
  Verb verb(to_string(part));
  RunFlags flags;
  switch (part) {
    case Part::Ingest:
      flags.add_to(verb, {feed_group, alpaca_group, kafka_group, operation_group});
      break;
    case Part::Analyze:
      flags.add_to(verb, {window_group, console_group, kafka_group, operation_group});
      break;
    case Part::Store:
      flags.add_to(verb, {kafka_group, operation_group});
      verb.heading(storage_group);
      for (const auto* name : {"data", "store-every"}) flags.add_to(verb, *find_setting(run_settings(), name));
      break;
    default:
      flags.add_to(verb, {page_group, kafka_group, operation_group});
      verb.heading(storage_group);
      flags.add_to(verb, *find_setting(run_settings(), "data"));
  }
  if (part != Part::Serve) {
    verb.heading(fmt::format("{}, with operations-port", page_group));
    for (const auto* name : {"address", "token-file"}) flags.add_to(verb, *find_setting(run_settings(), name));
  }
  return parse(verb, words, [&]() -> Result<Command> {
    RunRequest request = flags.take();
    request.part = part;
    return request;
  });
}

Result<Command> parse_topics(Words words) {
  Verb verb("topics");
  TopicsRequest request;
  RunFlags flags;
  verb.heading("Output");
  verb.toggle("json", "one JSON object a topic and partition", [&](bool on) { request.options.json = on; });
  verb.value("for", "CLIENT", "", fmt::format("also what users of this client have to mind: {}", known_clients()),
             [&](const std::string& text) { request.options.client = text; });
  flags.add_to(verb, {kafka_group});
  return parse(verb, words, [&]() -> Result<Command> {
    if (request.options.json && !request.options.client.empty())
      return verb.failed("--for is for eyes: leave out --json");
    if (const std::string& client = request.options.client; !client.empty() && advice_for(client).empty())
      return verb.failed(fmt::format("--for: must be one of {}, not \"{}\"", known_clients(), client));
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_doctor(Words words) {
  Verb verb("doctor");
  DoctorRequest request;
  RunFlags flags;
  verb.heading("Output");
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { request.json = on; });
  flags.add_to(verb);
  return parse(verb, words, [&]() -> Result<Command> {
    request.run = flags.take();
    return std::move(request);
  });
}

void add_windows(Verb& verb, WindowSpec& windows) {
  verb.heading("Windows");
  verb.value("size", "TIME", "5m", "length of a window", windows.size, read_window_size);
  verb.value("slide", "TIME", "1m", "a window begins every so often; divides size", windows.slide, read_window_slide);
  verb.value("delay", "TIME", "2m", "how long a window waits for bars out of order", windows.delay, read_window_delay);
}

// What others write, and whose it is where that does not stand in it.
void add_transcribing(Verb& verb, TranscribeOptions& options, std::string& columns) {
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

Result<Command> parse_trends(Words words) {
  Verb verb("trends");
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
  verb.file("late", "bars that came after all their windows had closed", options.late);
  verb.file("rejects", "records that are no bars, with the reason", options.rejects);
  verb.toggle("stats",
              "at the end one line of JSON on standard error: read, accepted, duplicate, corrected, late, rejected",
              [&](bool on) { options.stats = on; });
  verb.heading("Speed");
  verb.value("threads", "N", "1", "more give the same bytes, sooner", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  return parse(verb, words, [&]() -> Result<Command> {
    if (auto sane = check_windows(options.windows); !sane) return verb.failed(sane.error().message());
    if (!columns.empty()) {
      const auto choices = parse_column_choices(columns);
      if (!choices) return verb.failed("--columns: " + choices.error().message());
      if (auto taken = take_list_columns(*choices, options.transcribe); !taken)
        return verb.failed("--columns: " + taken.error().message());
    }
    return std::move(options);
  });
}

Result<Command> parse_simulate(Words words) {
  using namespace std::chrono_literals;
  Verb verb("simulate");
  SimulateOptions options;
  verb.heading("Market");
  verb.value(
      "symbols", "A,B,...|N", "", "names, or how many; five well-known ones if not said", options.symbols,
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
  return parse(verb, words, [&]() -> Result<Command> {
    const EventTime last = std::chrono::sys_days{std::chrono::year{2261} / 1 / 1};
    if (options.minutes > static_cast<std::uint64_t>((last - options.start) / 1min)) {
      return verb.failed("--minutes leads beyond the year 2260; take fewer, or an earlier --start");
    }
    return std::move(options);
  });
}

Result<Command> parse_alpaca_server(Words words) {
  Verb verb("alpaca-server");
  AlpacaServerFlags flags;
  flags.add_to(verb);
  return parse(verb, words, [&]() -> Result<Command> {
    if (const auto wrong = flags.judge()) return verb.failed(*wrong);
    return flags.take();
  });
}

Result<Command> parse_query(Words words) {
  using namespace std::chrono_literals;
  Verb verb("query");
  QueryRequest request;
  QueryOptions& options = request.options;
  std::vector<std::string> sql;
  RunFlags flags;
  verb.heading("Question");
  verb.operands("SQL", "one statement; - reads it from standard input", sql);
  add_existing_data(flags, verb);
  verb.heading("Output");
  verb.value("format", "table|csv|json|document", "table",
             "for eyes, for spreadsheets, one JSON object a line, or one JSON object with columns, types and rows",
             options.format, read_query_format);
  verb.toggle("wide", "every column of a table, also where the terminal is narrower",
              [&](bool on) { options.wide = on; });
  verb.toggle("raw",
              "CSV as it is: else a text that begins with = + - @ or a tab, and is no number, gets an apostrophe",
              [&](bool on) { options.raw = on; });
  verb.heading("Limits");
  verb.value("max-rows", "N", "", "cut the answer after so many, and say so", options.most_rows,
             [](const std::string& text) { return read_whole_number(text, 1, 1'000'000'000); });
  verb.value("memory", "SIZE", "1GB", "a question that needs more fails", options.memory_bytes, read_byte_size);
  verb.value("timeout", "TIME", "60s", "a question that takes longer fails", options.timeout,
             [](const std::string& text) { return read_duration(text, 1s, 24h); });
  return parse(verb, words, [&]() -> Result<Command> {
    if (sql.size() != 1) {
      return verb.failed(sql.empty() ? "a question is missing"
                                     : "the question must be one word for the shell: put it in quotes");
    }
    options.sql = sql.front();
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_compact(Words words) {
  Verb verb("compact");
  CompactRequest request;
  CompactVerbOptions& options = request.options;
  RunFlags flags;
  verb.heading("What is done");
  verb.value("day", "DATE", "", "only this day (UTC); every one that is over if not said", options.day, read_day);
  verb.toggle("json", "one JSON object a day instead of lines for eyes", [&](bool on) { options.json = on; });
  add_existing_data(flags, verb);
  return parse(verb, words, [&]() -> Result<Command> {
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_import(Words words) {
  Verb verb("import");
  ImportRequest request;
  ImportOptions& options = request.options;
  RunFlags flags;
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
  add_admission_options(verb, options);
  verb.heading("Where to");
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.heading("Windows, where the log does not say them or others are wanted");
  for (const auto* name : {"size", "slide"}) flags.add_to(verb, *find_setting(run_settings(), name));
  return parse(verb, words, [&]() -> Result<Command> {
    if (options.files.empty()) return verb.failed("a file is missing");
    if (auto taken = take_table_options(verb, texts, options); !taken) return std::unexpected(taken.error());
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_backfill(Words words) {
  Verb verb("backfill");
  BackfillRequest request;
  BackfillOptions& options = request.options;
  std::optional<std::chrono::sys_days> from, to;
  SymbolChoice symbols;
  RunFlags flags;
  verb.heading("Which bars");
  verb.value(
      "symbols", "A,B,...", "the setting symbols", "names as Alpaca has them: AAPL,BRK.B or BTC/USD", symbols,
      [](const std::string& text) { return read_symbols(split_for(*find_setting(run_settings(), "symbols"), text)); });
  verb.value("from", "DATE", "", "the first day (UTC)", from, read_day);
  verb.value("to", "DATE", "", "the last one, included", to, read_day);
  verb.value("feed", "iex|sip|crypto", "alpaca-feed", "whose bars: of one exchange (the free plan), of all, or crypto",
             request.feed, read_alpaca_feed);
  verb.value("adjustment", "raw|split|dividend|all", "raw",
             "as traded, or adjusted: a series of its own, for a data directory of its own", options.adjustment,
             read_adjustment);
  verb.heading("What is done");
  verb.toggle("no-recompute", "leave the trends as they are", [&](bool on) { options.no_recompute = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  verb.value("threads", "N", "4", "work on so much at once", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.heading("Alpaca; keys: ALPACA_API_KEY, ALPACA_API_SECRET in the environment or .env");
  for (const auto* name : {"alpaca-data-url", "alpaca-ca-file"})
    flags.add_to(verb, *find_setting(run_settings(), name));
  verb.heading("Windows, where the log does not say them or others are wanted");
  for (const auto* name : {"size", "slide"}) flags.add_to(verb, *find_setting(run_settings(), name));
  return parse(verb, words, [&]() -> Result<Command> {
    if (symbols.count) return verb.failed("--symbols: Alpaca's have names, not a number");
    if (!(from && to)) return verb.failed("say which days: --from DATE --to DATE");
    if (*to < *from) return verb.failed("--to lies before --from");
    options.symbols = std::move(symbols.names);
    options.from = *from;
    options.to = *to;
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_recompute(Words words) {
  Verb verb("recompute");
  RecomputeRequest request;
  RecomputeVerbOptions& options = request.options;
  std::optional<std::chrono::sys_days> day, from, to;
  RunFlags flags;
  verb.heading("Days");
  verb.value("day", "DATE", "", "one day: the windows that begin on this UTC date", day, read_day);
  verb.value("from", "DATE", "", "the first of several days", from, read_day);
  verb.value("to", "DATE", "", "the last of them, included", to, read_day);
  verb.heading("What is done");
  verb.toggle("dry-run", "only say what would change", [&](bool on) { options.dry_run = on; });
  verb.toggle("json", "one JSON object a day instead of lines for eyes", [&](bool on) { options.json = on; });
  verb.value("threads", "N", "2", "work on so many days, or parts of a day, at once", options.threads,
             [](const std::string& text) { return read_whole_number(text, 1, 64); });
  add_existing_data(flags, verb);
  verb.heading("Windows, where the log does not say them or others are wanted");
  for (const auto* name : {"size", "slide"}) flags.add_to(verb, *find_setting(run_settings(), name));
  return parse(verb, words, [&]() -> Result<Command> {
    if (day.has_value() == (from.has_value() || to.has_value()))
      return verb.failed("say which days: --day DATE, or --from DATE --to DATE");
    if (!day && !(from && to)) return verb.failed("--from and --to belong together");
    options.from = day ? *day : *from;
    options.to = day ? *day : *to;
    if (options.to < options.from) return verb.failed("--to lies before --from");
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_redrive(Words words) {
  Verb verb("redrive");
  RedriveRequest request;
  RedriveVerbOptions& options = request.options;
  LetterChoice& choice = options.choice;
  std::optional<std::uint64_t> from, to;
  RunFlags flags;
  const auto offset = [](const std::string& text) { return read_whole_number(text, 0, std::uint64_t{1} << 62); };
  verb.heading("Which dead letters, of those that were not redriven yet");
  verb.value("reason", "R,...", "", "only those rejected for one of these reasons", choice.reasons, read_reasons);
  verb.value("field", "F,...", "", "only those where one of these fields is to blame", choice.fields, read_fields);
  verb.value("from", "OFFSET", "", "from this offset in alpaca_dead_letters on", from, offset);
  verb.value("to", "OFFSET", "", "up to this one, included", to, offset);
  verb.value("since", "TIME", "", "only those that came then or later: a date or a time, UTC", choice.since, read_time);
  verb.toggle("again", "also those that were redriven already", [&](bool on) { options.again = on; });
  verb.heading("Records that were mended");
  verb.value("export", "FILE|-", "", "write the chosen ones, one JSON object a line, and redrive nothing",
             [&](const std::string& text) { options.export_to = text; });
  verb.value("from-file", "FILE|-", "", "redrive these instead: exported ones whose record was mended",
             [&](const std::string& text) { options.mended = text; });
  verb.heading("What is done");
  verb.toggle("dry-run", "only say what would go, and what a judge says about each by now",
              [&](bool on) { options.dry_run = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  add_existing_data(flags, verb);
  return parse(verb, words, [&]() -> Result<Command> {
    const bool chooses = from || to || choice.since || !choice.reasons.empty() || !choice.fields.empty();
    if (from) choice.from = static_cast<Position>(*from);
    if (to) choice.to = static_cast<Position>(*to) + 1;
    if (choice.to <= choice.from) return verb.failed("--to lies before --from");
    if (options.mended && chooses) return verb.failed("--from-file says which: nothing else can choose");
    if (options.export_to && (options.mended || options.dry_run || options.json))
      return verb.failed("--export does nothing else: it goes with --again and what chooses");
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_verify(Words words) {
  Verb verb("verify");
  VerifyRequest request;
  VerifyOptions& options = request.options;
  RunFlags flags;
  verb.heading("What is looked at");
  verb.value("day", "DATE", "", "of the lake only this day (UTC); all if not said", options.day, read_day);
  verb.toggle("deep", "the log's indexes, too: slower", [&](bool on) { options.deep = on; });
  verb.toggle("without-log", "a lake alone, whose log is gone or is in Kafka; refused if not said",
              [&](bool on) { options.without_log = on; });
  add_existing_data(flags, verb);
  verb.heading("What is done about it");
  verb.toggle("set-aside", "move damaged files of the lake away, with the reason",
              [&](bool on) { options.set_aside = on; });
  verb.toggle("repair", "that, and publish once more what the log still holds of them",
              [&](bool on) { options.repair = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  return parse(verb, words, [&]() -> Result<Command> {
    options.set_aside = options.set_aside || options.repair;
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_backup(Words words) {
  Verb verb("backup");
  BackupRequest request;
  std::vector<std::string> folder;
  RunFlags flags;
  verb.heading("What");
  verb.operands("DIR", "where the backup is made: a folder that is new or empty", folder);
  add_existing_data(flags, verb);
  verb.toggle("copy", "copy the lake's files even where a hard link would do",
              [&](bool on) { request.options.copy = on; });
  verb.toggle("without-log", "a lake alone, whose log is gone or is in Kafka; refused if not said",
              [&](bool on) { request.options.without_log = on; });
  return parse(verb, words, [&]() -> Result<Command> {
    if (const auto wrong = take_folder(folder, request.options.to)) return verb.failed(wrong->message());
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_restore(Words words) {
  Verb verb("restore");
  RestoreRequest request;
  std::vector<std::string> folder;
  RunFlags flags;
  verb.heading("What");
  verb.operands("DIR", "the backup", folder);
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.toggle("check", "only say whether the backup is whole", [&](bool on) { request.options.check = on; });
  return parse(verb, words, [&]() -> Result<Command> {
    if (const auto wrong = take_folder(folder, request.options.from)) return verb.failed(wrong->message());
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_symbols(Words words) {
  Verb verb("symbols");
  SymbolsRequest request;
  std::vector<std::string> said;
  RunFlags flags;
  verb.heading("What");
  verb.operands("list", "which they are; the same as nothing", said);
  verb.explain("add A,B", "these, too");
  verb.explain("remove A,B", "these no longer");
  verb.explain("set A,B", "these and no others");
  verb.explain("reset", "those of the setting symbols again");
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.heading("Output");
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { request.options.json = on; });
  return parse(verb, words, [&]() -> Result<Command> {
    auto change = read_symbol_change(said);
    if (!change) return verb.failed(change.error().message());
    request.options.change = std::move(*change);
    request.run = flags.take();
    return std::move(request);
  });
}

Result<Command> parse_token(Words words) {
  using namespace std::chrono_literals;
  using Action = TokenVerbOptions::Action;
  Verb verb("token");
  TokenVerbOptions options;
  std::vector<std::string> said;
  std::optional<Duration> overlap;
  std::string name;
  verb.heading("What");
  verb.operands("issue", "a new token beside the others", said);
  verb.explain("rotate", "a new one, and the others end after the overlap");
  verb.explain("revoke NAME", "this one ends at once");
  verb.explain("list", "names, ages and ends; never the tokens");
  verb.value("file", "FILE", "", "the token file (token-file of the run); made with mode 0600 if it is not there",
             [&](const std::string& text) { options.file = text; });
  verb.value("name", "NAME", "", "of the new one; after the day if not said",
             [&](const std::string& text) { name = text; });
  verb.value("valid", "TIME", "", "the new one ends so long from now; never if not said", options.valid,
             [](const std::string& text) { return read_duration(text, 1s, std::chrono::days(3'650)); });
  verb.value("overlap", "TIME", "24h", "the others end so long from now", overlap,
             [](const std::string& text) { return read_duration(text, 0s, std::chrono::days(3'650)); });
  verb.heading("Output");
  verb.toggle("json", "list as one JSON object a token", [&](bool on) { options.json = on; });
  return parse(verb, words, [&]() -> Result<Command> {
    if (auto read = read_token_action(said, options); !read) return verb.failed(read.error().message());
    const bool makes_one = options.action == Action::Issue || options.action == Action::Rotate;
    if (options.file.empty()) return verb.failed("--file is missing: it says which token file");
    if (!makes_one && (!name.empty() || options.valid))
      return verb.failed("--name and --valid belong to issue and rotate");
    if (overlap && options.action != Action::Rotate) return verb.failed("--overlap belongs to rotate");
    if (options.json && options.action != Action::List) return verb.failed("--json belongs to list");
    if (!name.empty())
      if (const auto fault = fault_in_token_name(name)) return verb.failed("--name: " + *fault);
    if (makes_one) options.name = name;
    if (overlap) options.overlap = *overlap;
    return std::move(options);
  });
}

Result<Command> parse_version(Words words) {
  Verb verb("version");
  VersionRequest request;
  verb.heading("Output");
  verb.toggle("json", "as one JSON object", [&](bool on) { request.json = on; });
  return parse(verb, words, [&]() -> Result<Command> { return request; });
}

std::unexpected<Error> unknown_verb(const std::string& word) {
  std::vector<std::string> names;
  for (const VerbText& verb : verb_texts()) names.emplace_back(verb.name);
  return std::unexpected(
      Error::setup(fmt::format("unknown verb {}{}\nTry: tidemark help", word, did_you_mean(word, names))));
}

Result<Command> parse_help(Words words) {
  if (words.empty() || words.front() == "--help" || words.front() == "-h" || words.front() == "help") {
    return HelpRequest{overview()};
  }
  if (find_verb(words.front()) == nullptr) return unknown_verb(words.front());
  return parse_command_line(std::vector<std::string>{words.front(), "--help"});
}

}  // namespace

Result<Command> parse_command_line(std::span<const std::string> words) {
  if (words.empty()) return std::unexpected(Error::setup("a verb is missing\n\n" + overview()));
  const std::string& verb = words.front();
  const Words rest = words.subspan(1);
  if (verb == "run") return parse_run(rest);
  for (const Part part : {Part::Ingest, Part::Analyze, Part::Store, Part::Serve})
    if (verb == to_string(part)) return parse_part(part, rest);
  if (verb == "topics") return parse_topics(rest);
  if (verb == "trends") return parse_trends(rest);
  if (verb == "simulate") return parse_simulate(rest);
  if (verb == "alpaca-server") return parse_alpaca_server(rest);
  if (verb == "query") return parse_query(rest);
  if (verb == "compact") return parse_compact(rest);
  if (verb == "import") return parse_import(rest);
  if (verb == "backfill") return parse_backfill(rest);
  if (verb == "recompute") return parse_recompute(rest);
  if (verb == "redrive") return parse_redrive(rest);
  if (verb == "symbols") return parse_symbols(rest);
  if (verb == "token") return parse_token(rest);
  if (verb == "doctor") return parse_doctor(rest);
  if (verb == "verify") return parse_verify(rest);
  if (verb == "backup") return parse_backup(rest);
  if (verb == "restore") return parse_restore(rest);
  if (verb == "version") return parse_version(rest);
  if (verb == "--version") return VersionRequest{};
  if (verb == "help" || verb == "--help" || verb == "-h") return parse_help(rest);
  return unknown_verb(verb);
}

}  // namespace tidemark
