// Configuration: arbitrary tidemark.toml, .env, environment and command line. Each wrong one gets an error message,
// those that pass are sane, and no secret is ever shown.
#include <algorithm>
#include <string>
#include <vector>

#include "app/config/configuration.h"
#include "app/config/feed_spec.h"
#include "app/config/run_options.h"
#include "app/config/value_text.h"
#include "app/verbs.h"
#include "core/check.h"
#include "fuzz/scratch.h"
#include "fuzz/target.h"
#include "io/config/setting.h"

namespace tidemark::fuzz {
namespace {

constexpr std::string_view secret = "keep-me-to-yourself-8051";

void check_sane(const RunOptions& options) {
  using namespace std::chrono_literals;
  CHECK(options.windows.is_valid() && check_windows(options.windows).has_value());
  CHECK(options.token.empty() || options.token.reveal().size() >= 16);
  const bool loopback =
      options.address == "localhost" || options.address == "::1" || options.address.starts_with("127.");
  CHECK(loopback || !options.token.empty() || !options.token_file.empty());
  CHECK(options.feed->reads_files == !options.files.empty());
  CHECK(!options.speed || *options.speed > 0);
  CHECK(options.store_every >= 1s && options.retry_delay >= 1s);
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

// Parts: tidemark.toml, .env, the environment (one variable a line), the command line (one word a line).
const Registered configuration("configuration", [](std::string_view bytes) {
  // Endless files are not tested here. If the input contains the secret, a leak cannot be recognized.
  if (bytes.find("/dev") != bytes.npos || bytes.find("/proc") != bytes.npos || bytes.find(secret) != bytes.npos) return;
  static const Scratch scratch;
  scratch.write("tidemark.toml", take_part(bytes));
  scratch.write(".env", take_part(bytes));

  ConfigurationSources sources;
  sources.folder = scratch.folder();
  sources.environment = split(take_part(bytes));
  const std::string said = "TIDEMARK_TOKEN=" + std::string(secret);
  sources.environment.push_back(said);
  const auto words = split(bytes);
  const auto command = parse_command_line(std::vector<std::string>(words.begin(), words.end()));
  if (!command) CHECK(command.error().is_setup() && !command.error().message().empty());
  if (command)
    if (const auto* run = command->as<RunRequest>()) sources.flags = run->flags;

  const Configuration configured = configure(sources);
  for (const Error& problem : configured.problems) {
    CHECK(problem.is_setup() && !problem.message().empty());
    CHECK(problem.message().find(secret) == std::string::npos);
  }
  for (const Assignment& value : configured.values) CHECK(shown_value(value).find(secret) == std::string::npos);
  CHECK(configured.values.size() == run_settings().size());
  if (configured.problems.empty()) check_sane(configured.options);
});

}  // namespace
}  // namespace tidemark::fuzz
