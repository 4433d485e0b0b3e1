#include "app/data_dir/log_time.h"

#include <fmt/format.h>

#include "app/config/feed_spec.h"
#include "io/embedded/embedded_log.h"
#include "run/interfaces/notifier.h"
#include "run/roles/analyze_role.h"

namespace tidemark {

Result<LogTime> LogTime::look(const std::filesystem::path& data) {
  std::error_code ignored;
  if (!std::filesystem::exists(data / "log.db", ignored))
    return std::unexpected(Error::setup(fmt::format(
        "there is no log in {}: --data says where; over Kafka the watermark is in the workers' journal (docs/kafka.md)",
        data.string())));
  auto log = open_embedded_log({.directory = data.string(), .read_only = true});
  if (!log) return std::unexpected(log.error());
  const auto windows = AnalyzeRole::windows_of(**log);
  if (!windows) return std::unexpected(windows.error());
  if (!*windows)
    return std::unexpected(Error::setup(
        fmt::format("no record of the log in {} has been judged yet: `tidemark run` does so", data.string())));
  NullNotifier nobody;
  AnalyzeRole analyze({.windows = **windows}, **log, nobody, nullptr);
  if (auto opened = analyze.open(); !opened) return std::unexpected(opened.error());
  const Machine& machine = analyze.machine();
  LogTime time{.windows = **windows,
               .watermark = machine.watermark().time(),
               .newest_bar = machine.newest_bar(),
               .largest_heartbeat = machine.latest_heartbeat(),
               .jump = machine.jumps().last()};
  for (const std::string& name : names_of_live_cursors()) {
    const auto cursor = (*log)->cursor(name);
    if (!cursor) return std::unexpected(cursor.error());
    time.follows_the_world |= cursor->has_value();
  }
  return time;
}

}  // namespace tidemark
