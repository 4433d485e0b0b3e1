#include "io/embedded/log_file_watch.h"

#include <sys/stat.h>

#include <utility>

#include "io/embedded/row_checksum.h"

namespace tidemark {

Result<void> LogFileWatch::begin(const std::string& path) {
  const std::lock_guard lock(mutex_);
  path_ = path;
  auto connection = Connection::open(path, {.read_only = true});
  if (!connection) return std::unexpected(connection.error());
  connection_ = std::move(*connection);
  if (struct stat status{}; ::stat(path.c_str(), &status) == 0) inode_ = status.st_ino;
  // Page 1 changes when the file grows. One of the others changes with every transaction.
  auto statement = connection_->prepare(
      "SELECT page_size, 1 FROM pragma_page_size UNION ALL SELECT page_size, rootpage FROM sqlite_schema, "
      "pragma_page_size "
      "WHERE type = 'table' AND name IN ('positions', 'feed_cursors', 'summary', 'topics')");
  if (!statement) return std::unexpected(statement.error());
  for (;;) {
    const Result<bool> row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return note();
    page_bytes_ = statement->integer(0);
    pages_.push_back(statement->integer(1));
  }
}

Result<void> LogFileWatch::checkpoint(const std::function<Result<void>()>& make) {
  const std::lock_guard lock(mutex_);
  if (!connection_) return make();
  if (auto same = compare_pages(); !same) return same;
  const Result<void> made = make();
  const Result<void> noted = note();
  return made ? noted : made;
}

Result<void> LogFileWatch::compare() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || !connection_) return {};
  return compare_pages();
}

Result<void> LogFileWatch::note() {
  seen_ = look();
  const auto found = checksum_of_pages();
  if (!found) return std::unexpected(found.error());
  right_ = *found;
  return {};
}

// A file whose time alone has changed is none the less the same.
Result<void> LogFileWatch::compare_pages() {
  const auto now = look();
  if (!now || now == seen_) return {};
  const auto found = checksum_of_pages();
  if (!found) return std::unexpected(found.error());
  if (*found != right_ || now->bytes < seen_.value_or(*now).bytes)
    return std::unexpected(damaged_log(path_, "another program has written into it while this process works on it"));
  seen_ = now;
  return {};
}

std::optional<LogFileWatch::Look> LogFileWatch::look() const {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0 || status.st_ino != inode_) return std::nullopt;  // others tell of that
  return Look{.bytes = status.st_size, .changed_at = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<std::uint32_t> LogFileWatch::checksum_of_pages() {
  RowChecksum checksum("pages");
  std::string page(static_cast<std::size_t>(page_bytes_), '\0');
  for (const std::int64_t number : pages_) {
    if (auto read = connection_->read_file(page, (number - 1) * page_bytes_); !read)
      return std::unexpected(read.error());
    checksum.add(page);
  }
  return checksum.value();
}

}  // namespace tidemark
