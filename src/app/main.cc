// The program: finds out what is asked for, and calls the verb.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <concepts>
#include <csignal>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

#include "app/command_line.h"
#include "app/configuration.h"
#include "app/doctor.h"
#include "app/exit_code.h"
#include "app/private_memory.h"
#include "app/tell.h"
#include "app/verbs.h"
#include "io/disk/directory_lock.h"
#include "io/serve/parent_death.h"

namespace tidemark {
namespace {

int refuse(const Error& error) {
  tell("", error.message(), LineEnds::Kept);
  return exit_code_of(error);
}

Configuration configure(RunRequest request) {
  ConfigurationSources sources{.flags = std::move(request.flags), .file = std::move(request.config)};
  sources.part = request.part;
  for (char** variable = environ; *variable != nullptr; ++variable) sources.environment.emplace_back(*variable);
  Configuration configuration = configure(sources);
  forget_secrets_of_environment();
  return configuration;
}

int refuse(const Configuration& configuration) {
  for (const Error& problem : configuration.problems) refuse(problem);
  fmt::print(stderr, "Try: tidemark doctor\n");
  return exit_setup;
}

// The lock itself is taken later; a process that comes in between is refused by it, as a wrong set-up.
int refuse(const RunOptions& options, const std::string& owner) {
  tell_of("", "process {} works on the data directory {}; end it, or give another one with --data", owner,
          options.data.string());
  return exit_in_use;
}

// The next file that is opened would take the place of a closed stream, and get what was meant for it. /dev/null the
// wrong way round: reading and writing stay errors.
void keep_places_of_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// What restates the past takes its windows from the log, unless they are said.
template <typename Request, typename Verb>
int with_windows(Request& request, Verb verb) {
  request.options.windows_are_said = std::ranges::any_of(request.run.flags, [](const Assignment& said) {
    return said.setting->name == "size" || said.setting->name == "slide";
  });
  const Configuration configuration = configure(std::move(request.run));
  if (!configuration.problems.empty()) return refuse(configuration);
  request.options.data = configuration.options.data;
  request.options.lake_mode = configuration.options.lake_mode;
  request.options.windows = configuration.options.windows;
  if constexpr (std::invocable<Verb, decltype(request.options)&, const RunOptions&>)
    return verb(request.options, configuration.options);
  else
    return verb(request.options);
}

// One overload for each thing that may be asked for.
struct Perform {
  int operator()(RunRequest& request) const {
    const Part part = request.part;
    const Configuration configuration = configure(std::move(request));
    if (!configuration.problems.empty()) return refuse(configuration);
    if (!configuration.options.kafka.brokers.empty()) return fleet_verb(part, configuration.options);
    if (const auto owner = directory_owner(configuration.options.data)) return refuse(configuration.options, *owner);
    return run_verb(configuration.options);
  }

  int operator()(QueryRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.data = configuration.options.data;
    return query_verb(request.options);
  }

  int operator()(CompactRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.data = configuration.options.data;
    request.options.lake_mode = configuration.options.lake_mode;
    return compact_verb(request.options);
  }

  int operator()(ImportRequest& request) const { return with_windows(request, import_verb); }
  int operator()(BackfillRequest& request) const {
    return with_windows(request, [&](BackfillOptions& options, const RunOptions& run) {
      options.account = run.alpaca;
      options.account.feed = request.feed.value_or(run.alpaca.feed);
      if (options.symbols.empty()) options.symbols = run.symbols.names;
      return backfill_verb(options);
    });
  }
  int operator()(RecomputeRequest& request) const { return with_windows(request, recompute_verb); }

  int operator()(RedriveRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.data = configuration.options.data;
    return redrive_verb(request.options);
  }

  int operator()(VerifyRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.data = configuration.options.data;
    request.options.lake_mode = configuration.options.lake_mode;
    return verify_verb(request.options);
  }

  int operator()(BackupRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.data = configuration.options.data;
    return backup_verb(request.options);
  }

  int operator()(RestoreRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.data = configuration.options.data;
    request.options.lake_mode = configuration.options.lake_mode;
    return restore_verb(request.options);
  }

  int operator()(SymbolsRequest& request) const {
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.run = configuration.options;
    return symbols_verb(request.options);
  }

  int operator()(TopicsRequest& request) const {
    request.run.part = Part::Analyze;  // that works over Kafka, too
    const Configuration configuration = configure(std::move(request.run));
    if (!configuration.problems.empty()) return refuse(configuration);
    request.options.run = configuration.options;
    return topics_verb(request.options);
  }

  int operator()(DoctorRequest& request) const {
    return doctor_verb({.configuration = configure(std::move(request.run)), .json = request.json});
  }

  int operator()(const TrendsOptions& options) const { return trends_verb(options); }
  int operator()(const TokenVerbOptions& options) const { return token_verb(options); }
  int operator()(const SimulateOptions& options) const { return simulate_verb(options); }
  int operator()(const AlpacaServerVerbOptions& options) const { return alpaca_server_verb(options); }
  int operator()(const VersionRequest& request) const {
    return version_verb(request.json ? VersionFormat::Json : VersionFormat::Text);
  }

  int operator()(const HelpRequest& request) const {
    std::fputs(request.text.c_str(), stdout);
    return exit_ok;
  }
};

}  // namespace
}  // namespace tidemark

int main(int count, char** arguments) {
  using namespace tidemark;
  end_with_parent();
  keep_memory_private();
  keep_places_of_closed_streams();
  // Some parents hand down an ignored SIGPIPE; `tidemark simulate | head` must end without a word under them, too.
  std::signal(SIGPIPE, SIG_DFL);
  // A file that may not become larger is an error that names it, and not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
  auto command = parse_command_line(words);
  if (!command) return refuse(command.error());
  return std::visit(Perform{}, *command);
}
