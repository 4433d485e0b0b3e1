// Settings from the world of this process: its environment, and what it tells of them.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/config/configuration.h"
#include "app/config/run_options.h"
#include "app/process/exit_code.h"
#include "app/process/private_memory.h"
#include "app/process/tell.h"
#include "io/config/setting.h"

namespace tidemark {

Configuration configure_from_world(const RunRequest& request) {
  ConfigurationSources sources{.flags = request.flags, .file = request.config};
  sources.part = request.part;
  for (char** variable = environ; *variable != nullptr; ++variable) sources.environment.emplace_back(*variable);
  Configuration configuration = configure(sources);
  forget_secrets_of_environment(run_settings());
  return configuration;
}

std::expected<RunOptions, int> configured(const RunRequest& request) {
  Configuration configuration = configure_from_world(request);
  if (configuration.problems.empty()) return std::move(configuration.options);
  for (const Error& problem : configuration.problems) tell("", problem.message(), LineEnds::Kept);
  // A slip of the command line is explained by the help, one of a file or the environment by what the doctor shows.
  const bool is_of_flags = std::ranges::any_of(
      configuration.problems, [](const Error& problem) { return problem.message().find("(--") != std::string::npos; });
  fmt::print(stderr, "Try: tidemark {}\n", is_of_flags ? fmt::format("{} --help", to_string(request.part)) : "doctor");
  return std::unexpected(int{exit_setup});
}

bool says_windows(const RunRequest& request) {
  return std::ranges::any_of(request.flags, [](const Assignment& said) {
    return said.setting->name == "size" || said.setting->name == "slide";
  });
}

}  // namespace tidemark
