#include "io/embedded/log_copy.h"

#include <fmt/core.h>

#include "io/embedded/row_check.h"
#include "io/embedded/schema.h"
#include "io/embedded/sqlite.h"

namespace tidemark {
namespace {

Result<std::uint64_t> page_size(Connection& connection) {
  auto statement = connection.prepare("PRAGMA page_size");
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return static_cast<std::uint64_t>(statement->integer(0));
}

}  // namespace

Result<void> copy_log(const std::string& from, const std::string& to, const LogCopyWatch& watch) {
  auto log = Connection::open(from, {.read_only = true});
  if (!log) return std::unexpected(log.error());
  if (auto ours = check_schema(*log, from); !ours) return ours;
  const auto size = page_size(*log);
  if (!size) return std::unexpected(size.error());
  auto copy = Connection::open(to);
  if (!copy) return std::unexpected(copy.error());
  if (auto set = copy->execute("PRAGMA synchronous = FULL"); !set) return set;
  const auto pages = [&](int done, int all) {
    return watch(static_cast<std::uint64_t>(done) * *size, static_cast<std::uint64_t>(all) * *size);
  };
  if (auto copied = log->copy_to(*copy, pages); !copied)
    return std::unexpected(copied.error().while_doing(fmt::format("cannot copy {} to {}", from, to)));
  // The header still says WAL, and who looked at the copy would leave files beside it.
  if (auto set = copy->execute("PRAGMA journal_mode = DELETE"); !set) return set;
  const auto coverage = check_rows(to, [&](std::uint64_t) { return watch(1, 1); });
  if (!coverage) return std::unexpected(coverage.error().while_doing(fmt::format("{} cannot be backed up", from)));
  if (coverage->damaged.empty()) return {};
  return std::unexpected(damaged_record(from, coverage->damaged.front()));
}

}  // namespace tidemark
