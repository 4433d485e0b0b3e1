#include "app/upkeep/token.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/config/value_text.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/system_clock.h"
#include "app/process/tell.h"
#include "app/upkeep/token_lines.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "io/config/nearest.h"
#include "io/disk/plain_file.h"
#include "io/disk/small_file.h"
#include "io/serve/tokens.h"

namespace tidemark {
namespace {

using Action = TokenVerbOptions::Action;

constexpr unsigned private_mode = 0600;
constexpr std::size_t largest_token_file = 1'024 * 1'024;

Result<TokenLines> read_lines(const std::string& path, Action action) {
  const auto text = read_small_file(path, largest_token_file, Links::Refused);
  if (!text) return std::unexpected(text.error());
  if (!*text && action != Action::Issue)
    return std::unexpected(
        Error::setup(fmt::format("there is no token file {0}; `tidemark token issue --file {0}` makes one", path)));
  auto lines = TokenLines::parse(text->value_or(""));
  if (!lines) return std::unexpected(lines.error().while_doing(path));
  return lines;
}

EventTime whole_second_now() { return floor_to(SystemClock().now(), std::chrono::seconds(1)); }

void warn_of_readers(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
    tell_of("token", "others on this machine can read {0}; chmod 600 {0}", path);
}

// What is printed when the file is durable.
struct Done {
  std::string token;     // to be kept by whoever it is for
  std::string sentence;  // for people
};

Result<Done> issue(TokenLines& lines, const TokenVerbOptions& options, EventTime now) {
  Token token{.text = random_token(), .name = options.name, .since = now, .until = {}};
  if (options.valid) token.until = now + *options.valid;
  if (auto added = lines.add(token); !added) return std::unexpected(added.error());
  const Token made = lines.tokens().back();
  return Done{.token = made.text,
              .sentence = fmt::format("{} is in {}{}; it is not shown again", made.called(), options.file,
                                      made.until ? ", valid until " + format_timestamp(*made.until) : std::string())};
}

Result<Done> rotate(TokenLines& lines, const TokenVerbOptions& options, EventTime now) {
  const EventTime end = now + options.overlap;
  lines.end_all(now, end);
  auto done = issue(lines, options, now);
  if (done) done->sentence += fmt::format("; the others end {}", format_timestamp(end));
  return done;
}

Result<Done> revoke(TokenLines& lines, const TokenVerbOptions& options, EventTime now) {
  if (auto removed = lines.remove(options.name, now); !removed) return std::unexpected(removed.error());
  return Done{.token = {}, .sentence = fmt::format("{} is revoked", options.name)};
}

Result<Done> change(const TokenVerbOptions& options) {
  if (auto plain = refuse_symbolic_link(options.file); !plain) return std::unexpected(plain.error());
  const auto lock = lock_small_file(options.file);
  if (!lock) return std::unexpected(lock.error());
  auto lines = read_lines(options.file, options.action);
  if (!lines) return std::unexpected(lines.error());
  if (options.action != Action::Issue && lines->tokens().empty())
    return std::unexpected(
        Error::setup(fmt::format("{} holds no token; `tidemark token issue` makes one", options.file)));
  const EventTime now = whole_second_now();
  auto done = options.action == Action::Issue    ? issue(*lines, options, now)
              : options.action == Action::Rotate ? rotate(*lines, options, now)
                                                 : revoke(*lines, options, now);
  if (!done) return done;
  if (auto kept = replace_small_file(options.file, lines->text(), private_mode); !kept)
    return std::unexpected(kept.error());
  return done;
}

// "3 days", "5 hours", "40 minutes": how long, for people.
std::string length_text(Duration length) {
  const auto whole = [&](auto unit, std::string_view name) -> std::string {
    const auto count = length / unit;
    return fmt::format("{} {}{}", count, name, count == 1 ? "" : "s");
  };
  if (length >= std::chrono::days(2)) return whole(std::chrono::days(1), "day");
  if (length >= std::chrono::hours(2)) return whole(std::chrono::hours(1), "hour");
  return whole(std::chrono::minutes(1), "minute");
}

std::string end_text(const Token& token, EventTime now) {
  if (!token.until) return "never";
  const std::string time = format_timestamp(*token.until);
  return token.is_valid(now) ? fmt::format("{}, in {}", time, length_text(*token.until - now)) : "expired " + time;
}

void append_time(std::string_view name, const std::optional<EventTime>& time, std::string& out) {
  out += fmt::format(R"(,"{}":)", name);
  out += time ? fmt::format(R"("{}")", format_timestamp(*time)) : "null";
}

void print_as_json(const std::vector<Token>& tokens, EventTime now) {
  for (const Token& token : tokens) {
    std::string out = R"({"name":)";
    append_json_string(token.called(), out);
    append_time("since", token.since, out);
    append_time("until", token.until, out);
    fmt::print("{},\"valid\":{}}}\n", out, token.is_valid(now));
  }
}

Result<void> list(const TokenVerbOptions& options) {
  const auto lines = read_lines(options.file, options.action);
  if (!lines) return std::unexpected(lines.error());
  const EventTime now = whole_second_now();
  const std::vector<Token> tokens = lines->tokens();
  if (options.json) {
    print_as_json(tokens, now);
    return {};
  }
  fmt::print("{:<32}  {:<12}  {}\n", "name", "age", "ends");
  for (const Token& token : tokens)
    fmt::print("{:<32}  {:<12}  {}\n", token.called(), token.since ? length_text(now - *token.since) : "unknown",
               end_text(token, now));
  return {};
}

int perform(const TokenVerbOptions& options) {
  const auto refuse = [](const Error& error) { return fail("token", error); };
  if (options.action == Action::List) {
    if (const auto listed = list(options); !listed) return refuse(listed.error());
  } else {
    const auto done = change(options);
    if (!done) return refuse(done.error());
    if (!done->token.empty()) fmt::print("{}\n", done->token);
    fmt::print(stderr, "{}\n", visible(done->sentence));
  }
  warn_of_readers(options.file);
  return exit_ok;
}

// What is done, and to which one when that is to be revoked.
Result<void> read_token_action(const std::vector<std::string>& words, TokenVerbOptions& options) {
  constexpr std::array<std::pair<std::string_view, Action>, 4> actions{
      {{"issue", Action::Issue}, {"rotate", Action::Rotate}, {"revoke", Action::Revoke}, {"list", Action::List}}};
  const auto wrong = [](std::string sentence) { return std::unexpected(Error::setup(std::move(sentence))); };
  if (words.empty()) return wrong("say what to do: issue, rotate, revoke NAME or list");
  const auto found = std::ranges::find(actions, words.front(), &std::pair<std::string_view, Action>::first);
  if (found == actions.end()) {
    std::vector<std::string> known;
    for (const auto& [name, action] : actions) known.emplace_back(name);
    return wrong(fmt::format("unexpected word \"{}\"{}", words.front(), did_you_mean(words.front(), known)));
  }
  options.action = found->second;
  if (options.action != Action::Revoke && words.size() > 1)
    return wrong(fmt::format("unexpected word \"{}\"", words[1]));
  if (options.action == Action::Revoke && words.size() != 2)
    return wrong("name the one token to revoke, as `tidemark token list` does");
  if (options.action == Action::Revoke) options.name = words[1];
  return {};
}

Result<Command> parse_token(const VerbSpec& spec, Words words) {
  using namespace std::chrono_literals;
  OptionParser verb(spec);
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
  verb.value("name", "NAME", "", "of the new one; named after the day by default",
             [&](const std::string& text) { name = text; });
  verb.value("valid", "TIME", "", "the new one ends so long from now; never by default", options.valid,
             [](const std::string& text) { return read_duration(text, 1s, std::chrono::days(3'650)); });
  verb.value("overlap", "TIME", "24h", "the others end so long from now", overlap,
             [](const std::string& text) { return read_duration(text, 0s, std::chrono::days(3'650)); });
  verb.heading("Output");
  verb.toggle("json", "list as one JSON object a token", [&](bool on) { options.json = on; });
  return parse_words(verb, words, [&]() -> Result<Command> {
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
    return Command(std::move(options), perform);
  });
}

}  // namespace

extern const VerbSpec token_verb{
    .name = "token",
    .summary = "access tokens, issued, rotated and revoked",
    .usage = "[OPTIONS] --file FILE issue | rotate | revoke NAME | list",
    .about = R"(Writes the token file of a run (its setting token-file) in one step, and prints a
new token once, on standard output. A running instance notices within a second or
two, without a restart: clients whose token is gone or has expired are disconnected.
A line of the file is TOKEN [NAME] [since TIME] [until TIME]; you may write it by
hand, too.)",
    .examples = R"(  tidemark token issue --file /etc/tidemark/token --name desk --valid 90d
  tidemark token rotate --file /etc/tidemark/token --overlap 24h
  tidemark token revoke desk --file /etc/tidemark/token
  tidemark token list --file /etc/tidemark/token)",
    .parse = parse_token};

}  // namespace tidemark
