// The command line: words in, requests out.
#include "app/verbs.h"

#include <gtest/gtest.h>

#include <array>

#include "app/cluster/topics.h"
#include "app/command_line/command.h"
#include "app/dead_letters/redrive.h"
#include "app/doctor/version.h"
#include "app/filter/simulate.h"
#include "app/filter/trends.h"
#include "app/history/import.h"
#include "app/live/symbols.h"
#include "app/upkeep/query.h"
#include "app/upkeep/token.h"
#include "core/stream/window_spec.h"
#include "core/time/time.h"
#include "io/query/query.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

template <typename Request>
Request parsed(std::vector<std::string> words) {
  auto command = parse_command_line(words);
  EXPECT_TRUE(command.has_value()) << command.error().message();
  if (!command || command->as<Request>() == nullptr) {
    ADD_FAILURE() << words[0] << " became something else";
    return {};
  }
  return *command->as<Request>();
}

std::string refused(std::vector<std::string> words) {
  const auto command = parse_command_line(words);
  if (command) return "(accepted)";
  EXPECT_TRUE(command.error().is_setup());
  return command.error().message();
}

TEST(CommandLine, TrendsTakesEverything) {
  const auto options = parsed<TrendsOptions>({"trends", "a.jsonl", "-", "--size", "10m", "--slide", "5m", "--delay",
                                              "1m", "--updates", "--late", "late", "--rejects=bad", "--stats",
                                              "--threads", "2", "--keep-open", "--output", "out"});
  EXPECT_EQ(options.files, (std::vector<std::string>{"a.jsonl", "-"}));
  EXPECT_EQ(options.windows, (WindowSpec{.size = 10min, .slide = 5min, .delay = 1min}));
  EXPECT_TRUE(options.updates && options.stats && options.keep_open);
  EXPECT_EQ(options.late, "late");
  EXPECT_EQ(options.rejects, "bad");
  EXPECT_EQ(options.output, "out");
  EXPECT_EQ(options.threads, 2u);
}

TEST(CommandLine, TrendsAloneReadsStandardInputWithTheUsualWindows) {
  const auto options = parsed<TrendsOptions>({"trends"});
  EXPECT_TRUE(options.files.empty());
  EXPECT_EQ(options.windows, WindowSpec{});
  EXPECT_EQ(options.threads, 1u);
  EXPECT_FALSE(options.updates || options.stats || options.keep_open);
}

TEST(CommandLine, SimulateTakesEverything) {
  const auto options = parsed<SimulateOptions>({"simulate", "--symbols", "1000", "--minutes", "3000", "--seed", "9",
                                                "--start", "2026-02-03T04:05:00Z", "--shuffle", "2m"});
  EXPECT_EQ(options.symbols.count, 1000u);
  EXPECT_EQ(options.minutes, 3000u);
  EXPECT_EQ(options.seed, 9u);
  EXPECT_EQ(options.start, EventTime{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + 4h + 5min});
  EXPECT_EQ(options.shuffle, 2min);
}

TEST(CommandLine, QueryTakesEverything) {
  const auto request = parsed<QueryRequest>(
      {"query", "SELECT 1", "--format", "csv", "--memory", "512MiB", "--timeout", "5s", "--data", "d"});
  EXPECT_EQ(request.options.sql, "SELECT 1");
  EXPECT_EQ(request.options.format, QueryFormat::Csv);
  EXPECT_EQ(request.options.memory_bytes, 512u << 20);
  EXPECT_EQ(request.options.timeout, 5s);
  ASSERT_EQ(request.run.flags.size(), 1u);
  EXPECT_EQ(request.run.flags[0].origin, "--data");
}

TEST(CommandLine, ImportSaysWhatIsLetIn) {
  const auto usual = parsed<ImportRequest>({"import", "a.csv"}).options;
  EXPECT_DOUBLE_EQ(usual.most_rejected, 0.01);
  EXPECT_FALSE(usual.strict || usual.may_contradict || usual.overwrite_nulls || usual.feed || usual.interval);
  const auto all = parsed<ImportRequest>({"import", "--allow-rejects", "a.csv", "--allow-contradictions",
                                          "--overwrite-nulls", "--feed", "sip", "--interval", "1d"})
                       .options;
  EXPECT_EQ(all.files, std::vector<std::string>{"a.csv"}) << "what follows is a file";
  EXPECT_DOUBLE_EQ(all.most_rejected, 1);
  EXPECT_TRUE(all.may_contradict && all.overwrite_nulls);
  EXPECT_EQ(all.feed, "sip");
  EXPECT_EQ(all.interval, 24h);
  EXPECT_DOUBLE_EQ(parsed<ImportRequest>({"import", "--allow-rejects=5%", "a"}).options.most_rejected, 0.05);
  EXPECT_DOUBLE_EQ(parsed<ImportRequest>({"import", "--allow-rejects=0.2", "a"}).options.most_rejected, 0.2);
  EXPECT_NE(refused({"import", "--allow-rejects=2", "a"}).find("a share from 0 to 1"), std::string::npos);
  EXPECT_NE(refused({"import", "--interval", "daily", "a"}).find("--interval must be"), std::string::npos);
}

TEST(CommandLine, RedriveTakesEverything) {
  const auto request =
      parsed<RedriveRequest>({"redrive", "--reason", "missing,bad_json", "--field", "open", "--from", "3", "--to", "9",
                              "--since", "2026-02-03", "--again", "--dry-run", "--json", "--data", "d"});
  const RedriveVerbOptions& options = request.options;
  EXPECT_EQ(options.choice.reasons, (std::set<Reason>{Reason::Missing, Reason::BadJson}));
  EXPECT_EQ(options.choice.fields, std::set<std::string>{"open"});
  EXPECT_EQ(options.choice.from, 3);
  EXPECT_EQ(options.choice.to, 10) << "the last one is included";
  EXPECT_EQ(options.choice.since, EventTime{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3}});
  EXPECT_TRUE(options.again && options.dry_run && options.json);
  EXPECT_EQ(request.run.flags[0].origin, "--data");
  EXPECT_EQ(parsed<RedriveRequest>({"redrive", "--from-file", "-"}).options.mended, "-");
  EXPECT_EQ(parsed<RedriveRequest>({"redrive", "--export", "letters"}).options.export_to, "letters");
  EXPECT_EQ(parsed<RedriveRequest>({"redrive", "--since", "2026-02-03T04:05:06Z"}).options.choice.since,
            EventTime{std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + 4h + 5min + 6s});
}

TEST(CommandLine, SymbolsTakesEverything) {
  using Kind = SymbolChange::Kind;
  EXPECT_FALSE(parsed<SymbolsRequest>({"symbols"}).options.change);
  EXPECT_FALSE(parsed<SymbolsRequest>({"symbols", "list", "--data", "d"}).options.change);
  const auto added = parsed<SymbolsRequest>({"symbols", "add", "A,B", "C", "--json", "--data", "d"});
  ASSERT_TRUE(added.options.change);
  EXPECT_EQ(added.options.change->kind, Kind::Add);
  EXPECT_EQ(added.options.change->names, (SymbolList{"A", "B", "C"}));
  EXPECT_TRUE(added.options.json);
  EXPECT_EQ(added.run.flags[0].origin, "--data");
  EXPECT_EQ(parsed<SymbolsRequest>({"symbols", "remove", "A"}).options.change->kind, Kind::Remove);
  EXPECT_EQ(parsed<SymbolsRequest>({"symbols", "set", "A"}).options.change->kind, Kind::Set);
  EXPECT_EQ(parsed<SymbolsRequest>({"symbols", "reset"}).options.change->kind, Kind::Reset);
}

TEST(CommandLine, TokenTakesEverything) {
  using Action = TokenVerbOptions::Action;
  const auto issued = parsed<TokenVerbOptions>({"token", "issue", "--file", "f", "--name", "desk", "--valid", "90d"});
  EXPECT_EQ(issued.action, Action::Issue);
  EXPECT_EQ(issued.file, "f");
  EXPECT_EQ(issued.name, "desk");
  EXPECT_EQ(issued.valid, std::chrono::days(90));
  const auto rotated = parsed<TokenVerbOptions>({"token", "rotate", "--file", "f", "--overlap", "0s"});
  EXPECT_EQ(rotated.action, Action::Rotate);
  EXPECT_EQ(rotated.overlap, 0s);
  EXPECT_FALSE(rotated.valid);
  EXPECT_EQ(parsed<TokenVerbOptions>({"token", "rotate", "--file", "f"}).overlap, 24h);
  const auto revoked = parsed<TokenVerbOptions>({"token", "revoke", "line-3", "--file", "f"});
  EXPECT_EQ(revoked.action, Action::Revoke);
  EXPECT_EQ(revoked.name, "line-3");
  EXPECT_TRUE(parsed<TokenVerbOptions>({"token", "list", "--json", "--file", "f"}).json);
}

TEST(CommandLine, VersionIsAVerbAndAnOption) {
  for (const char* word : {"version", "--version"}) {
    EXPECT_FALSE(parsed<VersionOptions>({word}).build);
    const auto whole = parsed<VersionOptions>({word, "--build", "--json"});
    EXPECT_TRUE(whole.build && whole.json) << word;
  }
}

TEST(CommandLine, NearestNames) {
  EXPECT_TRUE(refused({"rum"}).starts_with("unknown verb rum; did you mean \"run\"?"));
  EXPECT_TRUE(refused({"help", "trend"}).starts_with("unknown verb trend; did you mean \"trends\"?"));
  EXPECT_TRUE(refused({"run", "--prot", "1"}).starts_with("unknown option --prot; did you mean \"--port\"?"));
  EXPECT_TRUE(refused({"trends", "--update"}).starts_with("unknown option --update; did you mean \"--updates\"?"));
  EXPECT_TRUE(refused({"simulate", "--minuts=3"}).starts_with("unknown option --minuts; did you mean \"--minutes\"?"));
  EXPECT_TRUE(refused({"run", "--xyzzyxyzzy"}).starts_with("unknown option --xyzzyxyzzy\n"));
}

TEST(CommandLine, RefusesWhatMakesNoSense) {
  struct Case {
    std::vector<std::string> words;
    std::string_view message;  // its beginning
  };
  const std::array cases{
      Case{{}, "a verb is missing"},
      Case{{"trends", "--threads", "0"}, "--threads must be a whole number from 1 to 64, not \"0\""},
      Case{{"trends", "--size", "5m", "--slide", "3m"}, "size must be a multiple of slide"},
      Case{{"simulate", "extra"}, "unexpected word \"extra\""},
      Case{{"simulate", "--start", "2026-02-30T00:00:00Z"}, "--start must be a whole minute"},
      Case{{"simulate", "--start", "2026-02-03T00:00:30Z"}, "--start must be a whole minute"},
      Case{{"simulate", "--start", "2260-12-31T23:00:00Z", "--minutes", "61"}, "--minutes leads beyond"},
      Case{{"query"}, "a question is missing"},
      Case{{"query", "SELECT", "1"}, "the question must be one word for the shell"},
      Case{{"query", "SELECT 1", "--format", "xml"}, "--format must be table, csv, json or document, not \"xml\""},
      Case{{"query", "SELECT 1", "--memory", "1XB"}, "--memory must be a size like 512MB"},
      Case{{"token", "--file", "f"}, "say what to do"},
      Case{{"token", "isue", "--file", "f"}, "unexpected word \"isue\"; did you mean \"issue\"?"},
      Case{{"token", "issue"}, "--file is missing"},
      Case{{"token", "revoke", "--file", "f"}, "name the one token to revoke"},
      Case{{"token", "list", "--file", "f", "--name", "a"}, "--name and --valid belong to issue and rotate"},
      Case{{"token", "issue", "--file", "f", "--overlap", "1h"}, "--overlap belongs to rotate"},
      Case{{"token", "rotate", "--file", "f", "--json"}, "--json belongs to list"},
      Case{{"token", "issue", "--file", "f", "--name", "a/b"}, "--name: a name has 1 to 32"},
      Case{{"symbols", "add"}, "name at least one symbol"},
      Case{{"symbols", "add", "A,"}, "\"\" is no symbol"},
      Case{{"symbols", "reset", "A"}, "unexpected word \"A\" behind reset"},
      Case{{"symbols", "A"}, "unexpected word \"A\""},
      Case{{"redrive", "--reason", "missing,"}, "--reason must be reasons with commas between them"},
      Case{{"redrive", "--reason", "late"}, "--reason must be reasons with commas between them"},
      Case{{"redrive", "--field", "price"}, "--field must be fields of a bar"},
      Case{{"redrive", "--from", "9", "--to", "8"}, "--to lies before --from"},
      Case{{"redrive", "--since", "yesterday"}, "--since must be a date like 2026-11-22 or a time"},
      Case{{"redrive", "--from-file", "f", "--reason", "missing"}, "--from-file says which"},
      Case{{"redrive", "--export", "f", "--dry-run"}, "--export does nothing else"},
      Case{{"version", "--jsn"}, "unknown option --jsn; did you mean \"--json\"?"},
  };
  for (const Case& c : cases) {
    const std::string message = refused(c.words);
    EXPECT_TRUE(message.starts_with(c.message)) << message;
  }
}

TEST(CommandLine, TopicsTellsUsersOfAClientWhatToMind) {
  EXPECT_EQ(parsed<TopicsRequest>({"topics", "--for", "kafka-python"}).options.client, "kafka-python");
  EXPECT_EQ(refused({"topics", "--for", "pigeon"}),
            "--for: must be one of kafka-python, librdkafka, java, spark, not \"pigeon\"\n"
            "Try: tidemark topics --help");
  EXPECT_NE(refused({"topics", "--for", "java", "--json"}), "(accepted)");
}

TEST(CommandLine, EveryOptionOnceWithItsValue) {
  EXPECT_TRUE(refused({"run", "--port"}).starts_with("--port needs a value behind it\n"));
  EXPECT_TRUE(refused({"run", "--port", "1", "--port", "2"}).starts_with("--port may be given only once\n"));
}

TEST(CommandLine, EveryVerbHasHelpWithExamplesAndExitCodes) {
  for (const VerbSpec* verb : verbs()) {
    if (verb->name == "help") continue;
    for (const auto& words : {std::vector<std::string>{std::string(verb->name), "--help"},
                              std::vector<std::string>{"help", std::string(verb->name)}}) {
      const std::string text = parsed<HelpRequest>(words).text;
      EXPECT_NE(text.find("Usage: tidemark " + std::string(verb->name)), std::string::npos);
      EXPECT_NE(text.find("Examples:\n  "), std::string::npos) << verb->name;
      EXPECT_NE(text.find("Exit codes:"), std::string::npos) << verb->name;
    }
    EXPECT_NE(overview().find(verb->name), std::string::npos);
  }
}

// Options stay within 80 columns; examples may be a little longer, because a broken command cannot be copied.
TEST(CommandLine, HelpFitsATerminal) {
  for (const VerbSpec* verb : verbs()) {
    if (verb->name == "help") continue;
    const std::string text = parsed<HelpRequest>({std::string(verb->name), "--help"}).text;
    const std::string_view before_examples = std::string_view(text).substr(0, text.find("\nExamples:"));
    for (std::size_t begin = 0; begin < before_examples.size();) {
      const auto end = std::min(before_examples.find('\n', begin), before_examples.size());
      EXPECT_LE(end - begin, 84u) << before_examples.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

}  // namespace
}  // namespace tidemark
