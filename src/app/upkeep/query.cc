#include "app/upkeep/query.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "app/data_dir/lake_place.h"
#include "app/data_dir/lake_to_ask.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/progress.h"
#include "app/process/tell.h"
#include "app/upkeep/verify_lake.h"
#include "io/disk/posix_disk.h"
#include "io/parquet/parquet_input.h"
#include "io/query/no_writing.h"
#include "io/query/query.h"
#include "io/serve/query_notes.h"

namespace tidemark {
namespace {

constexpr std::size_t most_rows_on_terminal = 200;
constexpr std::chrono::seconds longest_look(20);  // search for the file that DuckDB could not read

Result<std::string> read_standard_input() {
  std::string text;
  char piece[16 * 1'024];
  while (true) {
    const auto size = ::read(STDIN_FILENO, piece, sizeof piece);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      return std::unexpected(Error::permanent(fmt::format("cannot read standard input: {}", std::strerror(errno))));
    }
    if (size == 0) return text;
    text.append(piece, static_cast<std::size_t>(size));
  }
}

constexpr std::size_t usual_width = 80;  // of a terminal that does not report its width

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual_width;
  return size.ws_col;
}

// Brings the copies of a lake that lies elsewhere up to date.
Result<LakeToAsk> find_lake(const QueryOptions& options, const RunOptions& run) {
  using Clock = std::chrono::steady_clock;
  if (options.cached) return LakeToAsk{.folder = lake_cache_folder(options.data).string(), .copies = {}};
  const auto place = LakePlace::of_data(run, LakePlace::Use::Question);
  if (!place) return std::unexpected(place.error());
  std::optional<Progress> progress;
  const auto begin = Clock::now();
  auto lake = lake_to_ask(*place, {.data = options.data,
                                   .most_bytes = options.lake_cache_bytes,
                                   .days = {.from = options.from, .to = options.to},
                                   .watch = [&](std::uint64_t done, std::uint64_t of) {
                                     if (!progress) progress.emplace("MB of the lake", of / Progress::megabyte);
                                     progress->advance_to(done / Progress::megabyte);
                                     return true;
                                   }});
  if (!lake || lake->copies.fetched_files == 0) return lake;
  progress.reset();
  const double megabytes = static_cast<double>(lake->copies.fetched_bytes) / 1e6;
  const std::chrono::duration<double> took = Clock::now() - begin;
  tell_of("query", "{} files fetched from {}: {:.1f} MB in {:.1f} s, {:.1f} MB/s", lake->copies.fetched_files,
          place->text(), megabytes, took.count(), megabytes / took.count());
  return lake;
}

Result<Extent> ask(const QueryOptions& options, const std::string& lake, std::size_t& guarded) {
  std::string sql = options.sql;
  if (sql == "-") {
    auto text = read_standard_input();
    if (!text) return std::unexpected(text.error());
    sql = std::move(*text);
  }
  LakeQueryOptions question{.lake = lake,
                            .format = options.format,
                            .memory_bytes = options.memory_bytes,
                            .time_limit = std::chrono::duration_cast<std::chrono::milliseconds>(options.timeout),
                            .csv_texts = {.raw = options.raw, .guarded = &guarded},
                            .from = options.from,
                            .to = options.to};
  if (isatty(STDOUT_FILENO) == 1) {
    if (!options.wide) question.width = terminal_width();
    if (options.format == QueryFormat::Table) question.row_limit = most_rows_on_terminal;
  }
  if (options.most_rows) question.row_limit = *options.most_rows;
  return run_query(question, sql, [](std::string_view piece) {
    return std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size();
  });
}

// DuckDB reports unreadable files in its own words, and not always by name. This adds the damaged file and the cure. An
// error in the question itself is returned at once.
Error with_damaged_files(const Error& error, const std::string& folder) {
  constexpr std::array of_files{"IO Error", "Invalid Input Error", "Invalid Error", "INTERNAL Error",
                                "Serialization Error"};
  if (std::ranges::none_of(of_files, [&](const char* kind) { return error.message().find(kind) != std::string::npos; }))
    return error;
  const auto disk = make_posix_disk();
  const Lake lake(*disk, folder);
  const auto deadline = std::chrono::steady_clock::now() + longest_look;
  const auto found = verify_lake(
      lake, {.day = {}, .watch = [&](std::uint64_t) { return std::chrono::steady_clock::now() < deadline; }});
  if (!found || found->files.empty()) return error;
  const DamagedFile& first = found->files.front();
  std::string text = damaged_lake_file(lake.path_of(first.table, first.day, first.file.name), first.what).message();
  if (found->files.size() > 1) text += fmt::format(" ({} more files are damaged)", found->files.size() - 1);
  return Error::permanent(fmt::format("{}\n{}", text, error.message()));
}

int perform(const QueryOptions& options, const RunOptions& run) {
  const auto lake = find_lake(options, run);
  if (!lake) return fail("query", lake.error());
  forbid_writing();
  std::size_t guarded = 0;  // of CSV
  const auto answered = ask(options, lake->folder, guarded);
  if (!answered) {
    const Error error = with_damaged_files(answered.error(), lake->folder);
    return fail("query", error, LineEnds::Kept);  // DuckDB points at the place
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    tell_of("query", "cannot write the answer: {}", std::strerror(errno));
    return exit_failed;
  }
  // Tables and documents say themselves that they are cut.
  const bool says_it = options.format == QueryFormat::Table || options.format == QueryFormat::Document;
  if (*answered == Extent::Cut && !says_it) tell("query", note_of_cut(*options.most_rows));
  if (guarded > 0) tell("query", note_of_guarded(guarded));
  return exit_ok;
}

int perform(QueryRequest& request) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  return perform(request.options, *run);
}

Result<Command> parse_query(const VerbSpec& spec, Words words) {
  using namespace std::chrono_literals;
  OptionParser verb(spec);
  QueryRequest request;
  QueryOptions& options = request.options;
  std::vector<std::string> sql;
  SettingFlags flags;
  verb.heading("Question");
  verb.operands("SQL", "one statement; - reads it from standard input", sql);
  flags.add_existing_data(verb);
  verb.value("from", "DATE", "", "only days of the lake from this one on (UTC)", options.from, read_day);
  verb.value("to", "DATE", "", "only days of the lake up to this one, included", options.to, read_day);
  verb.toggle("cached", "of a lake elsewhere only what lake-cache holds, as it is: HDFS or S3 is asked nothing",
              [&](bool on) { options.cached = on; });
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
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (sql.size() != 1) {
      return verb.failed(sql.empty() ? "a question is missing"
                                     : "the question must be one word for the shell: put it in quotes");
    }
    if (options.from && options.to && *options.to < *options.from) return verb.failed("--to lies before --from");
    options.sql = sql.front();
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec query_verb{
    .name = "query",
    .summary = "one SQL question to the lake",
    .usage = "[OPTIONS] SQL|-",
    .about = R"(Asks DuckDB over the lake of a data directory. Views: stock_trends (final trends),
bars (the latest of each symbol and timestamp), bars_all (every judged bar). It
takes no lock, so it may ask while `tidemark run` runs; it can only read.)",
    .examples = R"(  tidemark query "SELECT symbol, count(*) AS windows FROM stock_trends GROUP BY symbol"
  tidemark query "SELECT * FROM stock_trends ORDER BY window_end DESC LIMIT 10"
  tidemark query --format csv "FROM bars WHERE symbol = 'AAPL'" > aapl.csv
  tidemark query --format json - < question.sql | jq .)",
    .parse = parse_query};

}  // namespace tidemark
