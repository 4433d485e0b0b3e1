// The verb doctor: prints the settings with their origins, then what a run would find.
#include "app/doctor/doctor.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/config/token_watch.h"
#include "app/data_dir/check.h"
#include "app/data_dir/data_directory.h"
#include "app/doctor/hive_checks.h"
#include "app/doctor/host.h"
#include "app/doctor/kafka_checks.h"
#include "app/process/exit_code.h"
#include "app/process/system_clock.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "core/wire/json_texts.h"
#include "core/wire/visible_text.h"
#include "io/config/setting.h"
#include "io/input/readable.h"

namespace tidemark {
namespace {

std::vector<Check> examine_configuration(const Configuration& configuration) {
  std::vector<Check> checks;
  checks.reserve(configuration.problems.size() + 1);
  for (const Error& problem : configuration.problems) {
    checks.push_back({Health::Failure, "setting", problem.message(), "tidemark run --help tells what may be set"});
  }
  checks.push_back({Health::Ok, "configuration",
                    fmt::format("{}, {}", configuration.file ? configuration.file->string() : "no tidemark.toml here",
                                configuration.has_env_file ? ".env" : "no .env here")});
  return checks;
}

bool others_can_read(const std::string& file) {
  struct stat status{};
  return !file.empty() && stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0;
}

std::vector<Check> examine_keys_of_s3(const std::string& file) {
  if (!others_can_read(file)) return {};
  return {{Health::Warning, "keys of S3", "others on this machine can read s3-credentials-file",
           fmt::format("chmod 600 {}", file)}};
}

// A file that cannot be read is reported among the settings.
std::vector<Check> examine_secrets(const Configuration& configuration) {
  constexpr auto soon = std::chrono::days(14);
  std::vector<Check> checks;
  const std::string& file = configuration.options.token_file;
  if (file.empty()) return checks;
  if (others_can_read(file))
    checks.push_back({Health::Warning, "token", "others on this machine can read the token file",
                      fmt::format("chmod 600 {}", file)});
  const auto tokens = read_token_file(file);
  if (!tokens) return checks;
  const EventTime now = SystemClock().now();
  std::size_t valid = 0;
  for (const Token& token : *tokens) {
    if (!token.is_valid(now)) continue;
    ++valid;
    if (token.until && *token.until <= now + soon)
      checks.push_back({Health::Warning, "token",
                        fmt::format("{} expires {}", token.called(), format_timestamp(*token.until)),
                        fmt::format("tidemark token rotate --file {}", file)});
  }
  if (valid == 0)
    checks.push_back({Health::Failure, "token", "none in the token file is valid, so no client can connect",
                      fmt::format("tidemark token issue --file {}", file)});
  if (checks.empty()) checks.push_back({Health::Ok, "token", fmt::format("{} valid in {}", valid, file)});
  return checks;
}

using FeedChecks = std::vector<Check> (*FeedSpec::*)(const RunOptions&);

std::vector<Check> examine_feeds(const RunOptions& options, FeedChecks checks) {
  std::vector<Check> found;
  for (const FeedSpec* feed : feeds())
    if (feed->*checks != nullptr) std::ranges::move((feed->*checks)(options), std::back_inserter(found));
  return found;
}

std::vector<Check> examine(const Configuration& configuration) {
  std::vector<Check> checks;
  for (auto& found :
       {examine_configuration(configuration), examine_secrets(configuration),
        examine_keys_of_s3(configuration.options.s3_credentials_file),
        examine_feeds(configuration.options, &FeedSpec::checks_here), examine_data_directory(configuration.options),
        examine_host(configuration.options), examine_feeds(configuration.options, &FeedSpec::checks_of_servers),
        examine_kafka(configuration.options), examine_hive(configuration.options)}) {
    std::ranges::copy(found, std::back_inserter(checks));
  }
  return checks;
}

void print_for_eyes(const Configuration& configuration, const std::vector<Check>& checks) {
  fmt::print("Settings (flags before environment before .env before tidemark.toml before default)\n");
  for (const ShownSetting& setting : shown_settings(configuration)) {
    const std::string shown = visible(setting.value);
    fmt::print("  {:<19} {:<24} {}\n", setting.name, shown.empty() ? "-" : shown, visible(setting.origin));
  }
  fmt::print("\nChecks\n");
  for (const Check& check : checks) {
    fmt::print("  {:<5} {:<15} {}\n", to_string(check.health), check.subject, visible(check.detail));
    if (!check.cure.empty()) fmt::print("  {:<5} {:<15} ▸ {}\n", "", "", visible(check.cure));
  }
}

void print_as_json(const Configuration& configuration, const std::vector<Check>& checks, bool healthy) {
  std::string out = fmt::format("{{\"healthy\":{},\"settings\":[", healthy);
  for (const ShownSetting& setting : shown_settings(configuration)) {
    if (out.back() != '[') out += ',';
    append_json_texts({{"name", setting.name}, {"value", setting.value}, {"origin", setting.origin}}, out);
  }
  out += "],\"checks\":[";
  for (const Check& check : checks) {
    if (out.back() != '[') out += ',';
    append_json_texts({{"state", to_string(check.health)},
                       {"subject", check.subject},
                       {"detail", check.detail},
                       {"cure", check.cure}},
                      out);
  }
  fmt::print("{}]}}\n", visible(out));
}

int perform(const DoctorOptions& options) {
  const auto checks = examine(options.configuration);
  const bool healthy = std::ranges::none_of(checks, [](const Check& check) { return check.health == Health::Failure; });
  if (options.json) {
    print_as_json(options.configuration, checks, healthy);
  } else {
    print_for_eyes(options.configuration, checks);
  }
  return healthy ? exit_ok : exit_failed;
}

int perform(DoctorRequest& request) {
  return perform({.configuration = configure_from_world(request.run), .json = request.json});
}

Result<Command> parse_doctor(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  DoctorRequest request;
  SettingFlags flags;
  verb.heading("Output");
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { request.json = on; });
  flags.add_to(verb);
  return parse_words(verb, words, [&]() -> Result<Command> {
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec doctor_verb{
    .name = "doctor",
    .summary = "is everything there that a run needs, and which settings hold",
    .usage = "[OPTIONS] [FILE...]",
    .about = R"(Prints every setting with its value and where that comes from (secrets as ***),
then tries what a run depends on. It takes the options of `tidemark run`, so put
doctor in the place of run to see what that run would find. Changes nothing.)",
    .examples = R"(  tidemark doctor
  tidemark doctor --data /srv/tidemark --port 8051
  tidemark doctor --json | jq '.checks[] | select(.state != "ok")')",
    .parse = parse_doctor};

}  // namespace tidemark
