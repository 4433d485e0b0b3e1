#include "app/data_dir/data_directory.h"

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <ranges>
#include <string_view>
#include <system_error>

#include "app/config/feed_spec.h"
#include "app/data_dir/chosen_symbols.h"
#include "app/data_dir/disk_forecast.h"
#include "app/data_dir/gone_log.h"
#include "app/data_dir/lake_place.h"
#include "app/data_dir/log_time.h"
#include "app/process/system_clock.h"
#include "core/result.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "io/disk/directory_lock.h"
#include "io/embedded/row_check.h"
#include "io/embedded/schema.h"
#include "io/embedded/sqlite.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t least_to_begin = 64 * 1'024;  // the log's shared memory takes half of it
constexpr std::uintmax_t megabyte = 1'000'000;
constexpr std::uintmax_t least_room = 100 * megabyte;
constexpr std::uintmax_t comfortable_room = 1'000 * megabyte;
constexpr std::uintmax_t largest_quick_check = 1'000 * megabyte;

std::string size_text(std::uintmax_t bytes) {
  if (bytes >= 1'000 * megabyte) return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// The directory itself, or its nearest existing parent, where it would be created.
fs::path existing_part(fs::path path) {
  std::error_code ignored;
  path = fs::absolute(path, ignored);
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

Check examine_place(const fs::path& directory) {
  std::error_code ignored;
  const fs::path place = existing_part(directory);
  if (!fs::is_directory(place, ignored)) {
    return {Health::Failure, "data directory", fmt::format("{} is not a directory", place.string()),
            "give another one with --data"};
  }
  if (access(place.c_str(), W_OK | X_OK) != 0) {
    return {Health::Failure, "data directory", fmt::format("{} cannot be written by this user", place.string()),
            "change its owner, or give another one with --data"};
  }
  const bool there = fs::exists(directory, ignored);
  return {Health::Ok, "data directory",
          there ? fmt::format("{} can be written", directory.string())
                : fmt::format("{} does not exist yet and will be created", directory.string())};
}

Check examine_room(const fs::path& directory) {
  std::error_code error;
  const auto room = fs::space(existing_part(directory), error);
  if (error) return {Health::Warning, "disk space", "cannot be told: " + error.message(), "look yourself"};
  const std::string detail = size_text(room.available) + " free";
  if (room.available < least_room) {
    return {Health::Failure, "disk space", detail, fmt::format("make at least {} free", size_text(least_room))};
  }
  if (room.available < comfortable_room) return {Health::Warning, "disk space", detail, "make room soon"};
  return {Health::Ok, "disk space", detail};
}

Check examine_owner(const fs::path& directory) {
  const auto owner = directory_owner(directory);
  if (!owner) return {Health::Ok, "owner", "no process works on the directory"};
  return {Health::Warning, "owner", fmt::format("process {} works on the directory", *owner),
          "a second run on it will be refused: end that one first, or give another directory with --data"};
}

Result<std::string> ask_for_text(Connection& connection, std::string_view sql) {
  auto statement = connection.prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? std::string(statement->bytes(0)) : std::string();
}

Result<std::int64_t> ask_for_number(Connection& connection, std::string_view sql) {
  auto statement = connection.prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

Check damaged_log(const std::string& what) {
  return {Health::Failure, "log", what,
          "keep a copy of log.db, then restore it from a backup, or start with another directory (--data)"};
}

Check examine_missing_log(const fs::path& data, const RunOptions& options) {
  const auto place = LakePlace::of_data(options, LakePlace::Use::Question);
  if (!place) return {Health::Ok, "log", "log.db does not exist yet and will be created"};  // the lake's check says why
  const auto gone = gone_log(place->lake(), data);
  if (options.kafka.brokers.empty() && gone && *gone)
    return {Health::Failure, "log", "log.db is gone, and the lake holds what it has published",
            "bring it back, restore a backup, or start `tidemark run`: a new log begins behind what the lake holds"};
  return {Health::Ok, "log", "log.db does not exist yet and will be created"};
}

Check examine_log(const fs::path& file, const RunOptions& options) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return examine_missing_log(file.parent_path(), options);
  auto connection = Connection::open(file.string(), {.read_only = true});
  if (!connection) return damaged_log(connection.error().message());
  const auto tables = ask_for_number(*connection, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return damaged_log(tables.error().message());
  if (*tables == 0) return {Health::Ok, "log", "log.db is empty and will be filled"};
  const auto version =
      ask_for_number(*connection, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema_version'");
  if (!version) return {Health::Failure, "log", "log.db is no log of Tidemark", "give another directory with --data"};
  if (*version >= oldest_schema_version && *version < log_schema_version) {
    return {Health::Ok, "log", fmt::format("log.db has schema version {}: `tidemark run` upgrades it", *version)};
  }
  if (*version != log_schema_version) {
    return {Health::Failure, "log",
            fmt::format("log.db has schema version {}, this program has {}", *version, log_schema_version),
            "use the program that wrote it, or another directory (--data)"};
  }
  // Beside a run most pages may be in the WAL, so the file alone says too little.
  const auto pages =
      ask_for_number(*connection, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  if (!pages) return damaged_log(pages.error().message());
  const auto unused =
      ask_for_number(*connection, "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
  if (!unused) return damaged_log(unused.error().message());
  const auto trimmed = ask_for_number(*connection, "SELECT sum(begins_at) FROM topics");
  if (!trimmed) return damaged_log(trimmed.error().message());
  const std::string what =
      fmt::format("log.db, {}, {} of it in use, schema version {}{}", size_text(static_cast<std::uintmax_t>(*pages)),
                  size_text(static_cast<std::uintmax_t>(*pages - *unused)), *version,
                  *trimmed > 0 ? fmt::format(", {} records trimmed", *trimmed) : std::string());
  if (size > largest_quick_check) return {Health::Ok, "log", what + ", too large to check here"};
  const auto verdict = ask_for_text(*connection, "PRAGMA quick_check(1)");
  if (!verdict) return damaged_log(verdict.error().message());
  if (*verdict != "ok") return damaged_log("log.db: " + *verdict);
  const auto coverage = check_rows(file.string(), [](std::uint64_t) { return true; });
  if (!coverage) return damaged_log(coverage.error().message());
  if (!coverage->damaged.empty()) {
    const auto& first = coverage->damaged.front();
    return damaged_log(fmt::format("log.db: {} records are not what was written, the first at offset {} of {}",
                                   coverage->damaged.size(), first.offset, to_string(first.topic)));
  }
  if (coverage->not_covered == 0) return {Health::Ok, "log", what + ", whole"};
  return {Health::Ok, "log",
          fmt::format("{}, whole; {} records of an older version have no checksum", what, coverage->not_covered)};
}

// Only a feed in real time can be in the future: a replay may be of any year, and a fast simulator runs ahead.
std::optional<Check> examine_watermark(const fs::path& directory) {
  const auto time = LogTime::look(directory);
  if (!time || !time->follows_the_world || !time->watermark) return std::nullopt;
  constexpr Duration most_ahead = std::chrono::minutes(1);
  const std::string is = fmt::format("the watermark is {}", format_timestamp(*time->watermark));
  if (*time->watermark <= SystemClock().now() + most_ahead) return Check{Health::Ok, "watermark", is};
  return Check{Health::Warning, "watermark",
               is + ", which is in the future of this machine's clock: bars come late until then",
               "if the clock is right: tidemark watermark"};
}

Check examine_lake(const fs::path& lake) {
  std::error_code error;
  std::uintmax_t files = 0, bytes = 0;
  std::map<fs::path, std::uintmax_t> days;
  for (fs::recursive_directory_iterator entry(lake, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() != ".parquet" || !entry->is_regular_file(ignored)) continue;
    ++files;
    ++days[entry->path().parent_path()];
    bytes += entry->file_size(ignored);
  }
  if (error && fs::exists(lake)) {
    return {Health::Failure, "lake", fmt::format("{} cannot be read: {}", lake.string(), error.message()),
            "change its owner or permissions"};
  }
  if (files == 0) return {Health::Ok, "lake", "empty yet"};
  const auto most = std::ranges::max(days | std::views::values);
  return {Health::Ok, "lake",
          fmt::format("{} Parquet files, {}; {} days of a table, at most {} files in one", files, size_text(bytes),
                      days.size(), most)};
}

Check examine_lake_elsewhere(const LakePlace& place) {
  if (const auto probed = place.probe(); !probed)
    return {Health::Failure, "lake", probed.error().message(), fmt::format("see {}, then ask again", place.document())};
  return {Health::Ok, "lake", place.text() + " can be written"};
}

Check examine_lake_of(const RunOptions& options) {
  const auto place = LakePlace::of_data(options, LakePlace::Use::Question);
  if (!place) return {Health::Failure, "lake", place.error().message(), "see docs/hdfs.md, then ask again"};
  return place->is_local() ? examine_lake(lake_folder(options.data)) : examine_lake_elsewhere(*place);
}

Check examine_symbols(const RunOptions& options) {
  const auto chosen = chosen_symbols(options.data);
  if (!chosen) return {Health::Failure, "symbols", chosen.error().message(), "tidemark symbols reset"};
  if (!*chosen) return {Health::Ok, "symbols", "as set up; none were chosen at run time"};
  const std::string which = fmt::format("{} chosen at run time: {}", (*chosen)->size(), shown_symbols(**chosen));
  if (why_not_chosen(*options.feed))
    return {Health::Ok, "symbols", fmt::format("{}; not used by the feed {}", which, options.feed->name)};
  return {Health::Ok, "symbols", which + "; the setting symbols waits for `tidemark symbols reset`"};
}

}  // namespace

bool has_no_room(const fs::path& directory) {
  struct statvfs room{};
  if (::statvfs(existing_part(directory).c_str(), &room) != 0) return false;
  const auto blocks = ::geteuid() == 0 ? room.f_bfree : room.f_bavail;  // the last ones may be reserved for root
  return blocks * room.f_frsize < least_to_begin || (room.f_files != 0 && room.f_favail == 0);
}

std::string foreign_file(const fs::path& directory) {
  constexpr std::array ours{"log.db",  "log.db-wal", "lake",    lake_url_name.data(), "tidemark.pid", "tidemark.sock",
                            "symbols", "backfill",   "imports", "lake-cache"};
  constexpr std::string_view of_the_file_system = "lost+found";
  std::string foreign;
  std::error_code error;
  for (fs::directory_iterator entry{directory, error}, end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (std::ranges::find(ours, name) != ours.end()) return {};
    if (foreign.empty() && name != of_the_file_system && !name.starts_with('.')) foreign = name;
  }
  return foreign;
}

std::vector<Check> examine_data_directory(const RunOptions& options) {
  const fs::path& directory = options.data;
  std::vector<Check> checks{examine_place(directory), examine_room(directory)};
  std::error_code ignored;
  if (!fs::is_directory(directory, ignored)) return checks;
  checks.push_back(examine_owner(directory));
  checks.push_back(examine_log(directory / "log.db", options));
  if (auto check = examine_watermark(directory)) checks.push_back(std::move(*check));
  checks.push_back(examine_lake_of(options));
  checks.push_back(examine_symbols(options));
  checks.push_back(forecast_disk(options));
  return checks;
}

}  // namespace tidemark
