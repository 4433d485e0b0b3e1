#include "app/verbs.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "app/command_line/help.h"
#include "app/command_line/option_parser.h"
#include "io/config/nearest.h"

namespace tidemark {

// One line for each verb, in the order in which a user meets them. Each verb is defined in a file of its own room, as
// `extern const VerbSpec run_verb`.
#define TIDEMARK_VERBS(VERB) \
  VERB(run)                  \
  VERB(ingest)               \
  VERB(analyze)              \
  VERB(store)                \
  VERB(serve)                \
  VERB(topics)               \
  VERB(trends)               \
  VERB(simulate)             \
  VERB(alpaca_server)        \
  VERB(query)                \
  VERB(import)               \
  VERB(backfill)             \
  VERB(recompute)            \
  VERB(redrive)              \
  VERB(watermark)            \
  VERB(compact)              \
  VERB(symbols)              \
  VERB(token)                \
  VERB(doctor)               \
  VERB(settings)             \
  VERB(hive)                 \
  VERB(verify)               \
  VERB(backup)               \
  VERB(restore)              \
  VERB(version)              \
  VERB(help)

#define DECLARE(name) extern const VerbSpec name##_verb;
TIDEMARK_VERBS(DECLARE)
#undef DECLARE

namespace {

#define ADDRESS(name) &name##_verb,
constexpr std::array table{TIDEMARK_VERBS(ADDRESS)};
#undef ADDRESS

const VerbSpec* find_verb(std::string_view name) {
  for (const VerbSpec* verb : table)
    if (verb->name == name) return verb;
  return nullptr;
}

std::unexpected<Error> unknown_verb(const std::string& word) {
  std::vector<std::string> names;
  for (const VerbSpec* verb : table) names.emplace_back(verb->name);
  return std::unexpected(
      Error::setup(fmt::format("unknown verb {}{}\nTry: tidemark help", word, did_you_mean(word, names))));
}

Result<Command> parse_help(const VerbSpec&, Words words) {
  if (words.empty() || words.front() == "--help" || words.front() == "-h" || words.front() == "help")
    return help_command(overview());
  const VerbSpec* verb = find_verb(words.front());
  if (verb == nullptr) return unknown_verb(words.front());
  const std::vector<std::string> asked{"--help"};
  return verb->parse(*verb, asked);
}

}  // namespace

extern const VerbSpec help_verb{.name = "help",
                                .summary = "this, or the help of a verb",
                                .usage = "[VERB]",
                                .about = "The same as VERB --help.",
                                .examples = R"(  tidemark help
  tidemark help run)",
                                .parse = parse_help};

std::span<const VerbSpec* const> verbs() { return table; }

Result<Command> parse_command_line(Words words) {
  if (words.empty()) return std::unexpected(Error::setup("a verb is missing\n\n" + overview()));
  const std::string& said = words.front();
  const std::string_view name = said == "--version"                ? "version"
                                : said == "--help" || said == "-h" ? std::string_view("help")
                                                                   : said;
  const VerbSpec* verb = find_verb(name);
  if (verb == nullptr) return unknown_verb(said);
  return verb->parse(*verb, words.subspan(1));
}

std::string overview() {
  std::string text = "Tidemark: bars in, exact trends out, live on a page.\n\nUsage: tidemark VERB [OPTIONS]\n\n";
  for (const VerbSpec* verb : table) text += fmt::format("  {:<15}{}\n", verb->name, verb->summary);
  text +=
      "\nStart with:\n"
      "  tidemark run                 then look at http://localhost:8050\n"
      "  tidemark VERB --help         everything about a verb, with examples\n\n";
  text += exit_code_text;
  return text;
}

}  // namespace tidemark
