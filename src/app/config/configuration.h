// The configuration of `tidemark run`: how what people said becomes RunOptions.
//
//     flags ▶ environment ▶ .env ▶ tidemark.toml ▶ default        the first that says something wins
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/run_options.h"
#include "app/config/setting_tables.h"
#include "app/config/settings.h"
#include "core/result.h"
#include "io/config/setting.h"

namespace tidemark {

// Whoever may have said something.
struct ConfigurationSources {
  std::vector<Assignment> flags;
  std::optional<std::filesystem::path> file;        // --config; else TIDEMARK_CONFIG; else tidemark.toml if it is there
  std::vector<std::string_view> environment;        // "NAME=value", as in environ(7)
  std::filesystem::path folder = ".";               // where tidemark.toml and .env are looked for
  Part part = Part::All;                            // of which process it is the configuration
  std::span<const RunTable> tables = run_tables();  // kinds of table that the file may hold
};

struct Configuration {
  std::vector<Assignment> values;             // what holds, with its origin, in the table's order
  std::vector<TableEntry> tables;             // what the file holds of them
  std::vector<Error> problems;                // all of them Error::setup
  RunOptions options;                         // to be believed only when there are no problems
  std::optional<std::filesystem::path> file;  // the tidemark.toml that was read
  Part part = Part::All;
  bool has_env_file = false;
};

Configuration configure(const ConfigurationSources& sources);

// The flags that somebody said, and of which process; flags go before what the files say.
struct RunRequest {
  Part part = Part::All;
  std::vector<Assignment> flags;
  std::optional<std::filesystem::path> config;
};

// The same with this process's environment, from which secrets are wiped.
Configuration configure_from_world(const RunRequest& request);

// The options that hold; or an exit code, when all that is wrong with them has been told on standard error.
std::expected<RunOptions, int> configured(const RunRequest& request);

// Whether the windows are said on the command line: then they go before those of a log.
bool says_windows(const RunRequest& request);

// What a verb is asked to do in a data directory, and by which settings: its options lack what `run` says.
template <typename Options>
struct Configured {
  Options options;
  RunRequest run;
};

// A setting as it holds: "port", or "alert[2].symbol" of a table.
struct ShownSetting {
  std::string name, value, origin;
};
std::vector<ShownSetting> shown_settings(const Configuration& configuration);

// The one value of a setting as text; *** for a secret, empty for none.
std::string shown_value(const Assignment& value);

// Fills in what `run` says for a verb: the data directory, and the lake's mode, its cache and the windows of a verb that has them. Returns
// the whole of it, or an exit code as configured() does.
template <typename Options>
std::expected<RunOptions, int> complete(Options& options, const RunRequest& request) {
  auto run = configured(request);
  if (!run) return run;
  options.data = run->data;
  if constexpr (requires { options.lake_mode; }) options.lake_mode = run->lake_mode;
  if constexpr (requires { options.lake_cache_bytes; }) options.lake_cache_bytes = run->lake_cache_bytes;
  if constexpr (requires { options.windows; }) {
    options.windows = run->windows;
    options.windows_are_said = says_windows(request);
  }
  return run;
}

}  // namespace tidemark
