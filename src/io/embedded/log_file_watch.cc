#include "io/embedded/log_file_watch.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <thread>
#include <utility>

#include "io/embedded/row_checksum.h"

namespace tidemark {
namespace {

constexpr auto moment = std::chrono::milliseconds(100);  // in which a commit reports what it has found

}  // namespace

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
  const auto differs = difference();
  if (!differs) return std::unexpected(differs.error());
  if (*differs) return std::unexpected(damage());
  const Result<void> made = make();
  const Result<void> noted = note();
  return made ? noted : made;
}

Result<void> LogFileWatch::compare() {
  for (const bool is_last : {false, true}) {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || !connection_) return {};
    const auto differs = difference();
    if (!differs) return std::unexpected(differs.error());
    if (!*differs) return {};
    if (is_last) break;
    lock.unlock();
    std::this_thread::sleep_for(moment);
  }
  return std::unexpected(damage());
}

void LogFileWatch::another_has_made_a_checkpoint() {
  const std::lock_guard lock(mutex_);
  if (connection_) (void)note();  // if the pages cannot be read now, the next comparison reports it
}

Result<void> LogFileWatch::note() {
  seen_ = look();
  auto found = checksums_of_pages();
  if (!found) return std::unexpected(found.error());
  right_ = *std::move(found);
  return {};
}

Result<std::optional<LogFileWatch::Look>> LogFileWatch::difference() {
  const auto now = look();
  if (!now || now == seen_) return std::nullopt;
  auto found = checksums_of_pages();
  if (!found) return std::unexpected(found.error());
  bool is_right = now->bytes >= seen_.value_or(*now).bytes;
  for (std::size_t i = 0; i < pages_.size() && is_right; ++i)
    is_right = (*found)[i] == right_[i] || is_in_wal(pages_[i], (*found)[i]);
  if (!is_right) return now;
  seen_ = now;  // only the time has changed, or another program has made a checkpoint
  right_ = *std::move(found);
  return std::nullopt;
}

std::optional<LogFileWatch::Look> LogFileWatch::look() const {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0 || status.st_ino != inode_) return std::nullopt;  // others report that
  return Look{.bytes = status.st_size, .changed_at = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Error LogFileWatch::damage() const {
  return damaged_log(path_, "another program has written into it while this process works on it");
}

Result<std::vector<std::uint32_t>> LogFileWatch::checksums_of_pages() {
  std::vector<std::uint32_t> checksums;
  std::string page(static_cast<std::size_t>(page_bytes_), '\0');
  for (const std::int64_t number : pages_) {
    if (auto read = connection_->read_file(page, (number - 1) * page_bytes_); !read)
      return std::unexpected(read.error());
    checksums.push_back(RowChecksum("page").add(page).value());
  }
  return checksums;
}

// https://www.sqlite.org/fileformat2.html#walformat: a header of 32 bytes, then frames, each a header of 24 bytes that
// begins with the number of its page (big-endian), and the page. A frame belongs to this WAL if it has the eight bytes of
// salt of the WAL's header; others are left from the WAL before.
bool LogFileWatch::is_in_wal(std::int64_t page, std::uint32_t checksum) const {
  std::ifstream wal(path_ + "-wal", std::ios::binary);
  std::array<char, 32> head{};
  std::array<char, 24> header{};
  wal.read(head.data(), head.size());
  std::string bytes(static_cast<std::size_t>(page_bytes_), '\0');
  while (wal.read(header.data(), header.size()) && wal.read(bytes.data(), page_bytes_)) {
    if (!std::equal(header.begin() + 8, header.begin() + 16, head.begin() + 16)) return false;
    std::int64_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(header[i]);
    if (number == page && RowChecksum("page").add(bytes).value() == checksum) return true;
  }
  return false;
}

}  // namespace tidemark
