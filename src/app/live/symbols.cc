#include "app/live/symbols.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/operands.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/data_dir/chosen_symbols.h"
#include "app/live/symbol_report.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/tell.h"
#include "io/config/setting.h"
#include "io/disk/directory_lock.h"
#include "io/serve/running.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {
namespace {

struct Told {
  SymbolReport report;
  bool running = false;
};

Result<std::optional<Told>> ask_the_running(const SymbolsVerbOptions& options) {
  RunningQuestion question{.data = options.run.data, .path = "/api/v1/symbols/chosen"};
  if (options.change) {
    question.method = "POST";
    question.body = write_change(*options.change);
  }
  const auto answer = ask_running(question);
  if (!answer) return std::unexpected(answer.error());
  if (!*answer) return std::nullopt;
  if ((*answer)->status != 200) {
    const bool is_wrong = (*answer)->status < 500;
    return std::unexpected(is_wrong ? Error::setup(refusal_in(**answer)) : Error::retryable(refusal_in(**answer)));
  }
  auto report = read_report((*answer)->body);
  if (!report) return std::unexpected(report.error());
  return Told{.report = std::move(*report), .running = true};
}

Result<SymbolReport> at_rest(const RunOptions& options) {
  auto chosen = chosen_symbols(options.data);
  if (!chosen) return std::unexpected(chosen.error());
  const bool is_chosen = chosen->has_value();
  return SymbolReport{.feed = std::string(options.feed->name),
                      .chosen = is_chosen,
                      .symbols = is_chosen ? std::move(**chosen) : set_up_symbols(options),
                      .told = {}};
}

// A set or reset does not read the old list, which may be damaged.
Result<SymbolReport> before(const SymbolChange& change, const RunOptions& options) {
  const bool replaces_list = change.kind == SymbolChange::Kind::Set || change.kind == SymbolChange::Kind::Reset;
  if (!replaces_list) return at_rest(options);
  return SymbolReport{.feed = std::string(options.feed->name), .chosen = false, .symbols = {}, .told = {}};
}

// Holds the directory's lock, so that no run starts with the old symbols meanwhile.
Result<Told> change_for_the_next(const SymbolChange& change, const RunOptions& run) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(run.data, ignored))
    return std::unexpected(Error::setup(
        fmt::format("there is no data directory {}: `tidemark run` makes one, --data says where", run.data.string())));
  const auto lock = DirectoryLock::acquire(run.data.string(), data_folder_mode(run.lake_mode));
  if (!lock) return std::unexpected(lock.error());
  auto report = before(change, run);
  if (!report) return std::unexpected(report.error());
  auto changed = change_symbols(report->symbols, set_up_symbols(run), change);
  if (!changed) return std::unexpected(changed.error());
  const bool is_reset = change.kind == SymbolChange::Kind::Reset;
  const bool is_same = changed->symbols == report->symbols;
  report->told = std::move(changed->told);
  if (is_same) return Told{std::move(*report)};
  report->chosen = !is_reset;
  report->symbols = std::move(changed->symbols);
  const auto durable = choose_symbols(run.data, is_reset ? std::nullopt : std::optional(report->symbols));
  if (!durable) return std::unexpected(durable.error());
  return Told{std::move(*report)};
}

Result<Told> carry_out(const SymbolsVerbOptions& options) {
  auto running = ask_the_running(options);
  if (!running) return std::unexpected(running.error());
  if (*running) return std::move(**running);
  if (auto why = why_not_chosen(*options.run.feed)) return std::unexpected(std::move(*why));
  if (options.change) return change_for_the_next(*options.change, options.run);
  auto report = at_rest(options.run);
  if (!report) return std::unexpected(report.error());
  return Told{std::move(*report)};
}

// The list goes to standard output, so that it can be piped. Explanations go to standard error.
void show(const Told& told, const SymbolsVerbOptions& options) {
  const SymbolReport& report = told.report;
  for (const std::string& sentence : report.told) tell("symbols", sentence);
  if (options.json) {
    fmt::print(R"({{"running":{},{})"
               "\n",
               told.running, write_report(report).substr(1));
  } else if (options.change) {
    fmt::print("{} symbol{} {}{}: {}\n", report.symbols.size(), report.symbols.size() == 1 ? "" : "s",
               told.running ? "from the next minute on" : "from the next start on", report.chosen ? "" : ", as set up",
               shown_symbols(report.symbols));
  } else {
    fmt::print("{}\n", fmt::join(report.symbols, "\n"));
    fmt::print(stderr, "{}: {} symbols, {}\n", told.running ? "running" : "not running", report.symbols.size(),
               report.chosen ? "chosen at run time (`tidemark symbols reset` goes back to the settings)" : "as set up");
  }
}

int perform(const SymbolsVerbOptions& options) {
  const auto told = carry_out(options);
  if (!told) {
    return fail("symbols", told.error());
  }
  show(*told, options);
  return exit_ok;
}

int perform(SymbolsRequest& request) {
  const auto run = configured(request.run);
  if (!run) return run.error();
  request.options.run = *run;
  return perform(request.options);
}

Result<Command> parse_symbols(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  SymbolsRequest request;
  std::vector<std::string> said;
  SettingFlags flags;
  verb.heading("What");
  verb.operands("list", "which they are; the same as nothing", said);
  verb.explain("add A,B", "these, too");
  verb.explain("remove A,B", "these no longer");
  verb.explain("set A,B", "these and no others");
  verb.explain("reset", "those of the setting symbols again");
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  verb.heading("Output");
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { request.options.json = on; });
  return parse_words(verb, words, [&]() -> Result<Command> {
    auto change = read_symbol_change(said);
    if (!change) return verb.failed(change.error().message());
    request.options.change = std::move(*change);
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec symbols_verb{
    .name = "symbols",
    .summary = "which symbols the feed brings, changed while it runs",
    .usage = "[OPTIONS] [list | add A,B | remove A,B | set A,B | reset]",
    .about = R"(Lists the symbols of the feed, or changes them: in a running instance from the next
minute on, by its control socket, else from the next start on. The choice is kept in
DIR/symbols and takes precedence over the setting symbols until it is reset. Windows
of a removed symbol close like any other, and the page keeps its rows. It works for
the simulator and Alpaca; replay and stdin bring what their input holds.)",
    .examples = R"(  tidemark symbols
  tidemark symbols add NVDA,AMD
  tidemark symbols remove TSLA --data /var/lib/tidemark
  tidemark symbols set AAPL,MSFT
  tidemark symbols reset)",
    .parse = parse_symbols};

}  // namespace tidemark
