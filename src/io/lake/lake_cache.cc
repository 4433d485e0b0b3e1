#include "io/lake/lake_cache.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>

#include "io/parquet/hidden_file.h"
#include "io/parquet/in_parallel.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

constexpr int most_comparisons = 5;         // with a lake whose days are exchanged meanwhile
constexpr std::size_t fetched_at_once = 4;  // files
constexpr std::size_t fetched_piece = 4 << 20;
constexpr LakeTable both_tables[] = {LakeTable::Trends, LakeTable::Bars};

std::string megabytes(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

std::set<std::string> shown_files(const std::vector<std::string>& names) {
  std::set<std::string> shown;
  for (const std::string& name : names)
    if (name.ends_with(".parquet") && !name.starts_with('.')) shown.insert(name);
  return shown;
}

Error interrupted() { return Error::permanent("interrupted while the lake was fetched"); }

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    const auto size = entry->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

// A day of the cache that nobody asks for now.
struct SpareDay {
  fs::file_time_type used;
  std::string folder;
  std::uint64_t bytes;
};

}  // namespace

std::uint64_t LakeCache::Difference::missing_bytes() const {
  std::uint64_t bytes = 0;
  for (const Copy& each : missing) bytes += each.bytes;
  return bytes;
}

Result<CachedLake> LakeCache::bring_up_to_date(const DayRange& days) {
  if (auto made = make_folders(); !made) return std::unexpected(made.error());
  const auto filling = local_.lock(options_.folder + "/.filling", Disk::Wait::Yes);
  if (!filling) return std::unexpected(filling.error());
  auto reading = lock_to_read(options_.folder + "/.reading");
  if (!reading) return std::unexpected(reading.error());
  if (auto removed = remove_unfinished(); !removed) return std::unexpected(removed.error());
  CachedLake cached{.reading = std::move(*reading)};
  for (int comparison = 1;; ++comparison) {
    if (auto finished = lake_.finish_left_behind(); !finished) return std::unexpected(finished.error());
    auto difference = compare(days);
    Result<void> done = difference ? measure(difference->missing) : std::unexpected(difference.error());
    if (done) done = make_room(days, *difference, *cached.reading);
    if (done) done = fetch(difference->missing);
    if (!done && done.error().is_retryable() && comparison < most_comparisons) continue;
    if (!done) return std::unexpected(done.error());
    cached.fetched_files += difference->missing.size();
    cached.fetched_bytes += difference->missing_bytes();
    note_use(days);
    return cached;
  }
}

Result<void> LakeCache::make_folders() const {
  for (const LakeTable table : both_tables)
    if (auto made = local_.make_folder(fmt::format("{}/{}", options_.folder, to_string(table))); !made) return made;
  return {};
}

// What a killed process has not fetched to its end.
Result<void> LakeCache::remove_unfinished() const {
  for (const LakeTable table : both_tables) {
    auto removed = remove_hidden_files(local_, fmt::format("{}/{}", options_.folder, to_string(table)),
                                       [](std::string_view) { return true; });
    if (!removed) return removed;
  }
  return {};
}

Result<LakeCache::Difference> LakeCache::compare(const DayRange& days) const {
  Difference found;
  for (const LakeTable table : both_tables) {
    const auto theirs = lake_.days(table), ours = copies_.days(table);
    if (!theirs) return std::unexpected(theirs.error());
    if (!ours) return std::unexpected(ours.error());
    std::set<LakeDay> all(theirs->begin(), theirs->end());
    all.insert(ours->begin(), ours->end());
    for (const LakeDay day : all)
      if (days.has(day))
        if (auto compared = compare_day(table, day, found); !compared) return std::unexpected(compared.error());
  }
  return found;
}

Result<void> LakeCache::compare_day(LakeTable table, LakeDay day, Difference& found) const {
  const auto theirs = lake_.disk().list(lake_.folder_of(table, day));
  const auto ours = local_.list(copies_.folder_of(table, day));
  if (!theirs) return std::unexpected(theirs.error());
  if (!ours) return std::unexpected(ours.error());
  const std::set<std::string> wanted = shown_files(*theirs), held = shown_files(*ours);
  for (const std::string& name : wanted)
    if (!held.contains(name)) found.missing.push_back({table, day, name});
  for (const std::string& name : held) {
    std::error_code gone;
    const auto bytes = fs::file_size(copies_.path_of(table, day, name), gone);
    if (!wanted.contains(name))
      found.gone.push_back({table, day, name, gone ? 0 : bytes});
    else if (!gone)
      found.kept_bytes += bytes;
  }
  return {};
}

Result<void> LakeCache::measure(std::vector<Copy>& missing) const {
  return in_parallel(missing.size(), fetched_at_once, [&](std::size_t i) -> Result<void> {
    Copy& each = missing[i];
    const auto file = lake_.disk().open(lake_.path_of(each.table, each.day, each.name));
    if (!file) return std::unexpected(file.error());
    each.bytes = (*file)->size();
    return {};
  });
}

Result<void> LakeCache::make_room(const DayRange& days, const Difference& difference, SharedLock& reading) const {
  const std::uint64_t needed = difference.kept_bytes + difference.missing_bytes();
  if (needed > options_.most_bytes)
    return std::unexpected(Error::setup(fmt::format(
        "the lake's files {} are {}, and lake-cache, which holds their copies on this machine, may have {}: set "
        "lake-cache to more than {}, or ask for fewer days with --from and --to",
        days.is_bounded() ? "of these days" : "of all days", megabytes(needed), megabytes(options_.most_bytes),
        megabytes(needed))));
  std::uint64_t held = needed;
  std::vector<SpareDay> spare;
  for (const LakeTable table : both_tables) {
    const auto ours = copies_.days(table);
    if (!ours) return std::unexpected(ours.error());
    for (const LakeDay day : *ours) {
      if (days.has(day)) continue;
      const std::string folder = copies_.folder_of(table, day);
      std::error_code ignored;
      spare.push_back({fs::last_write_time(folder, ignored), folder, bytes_in(folder)});
      held += spare.back().bytes;
    }
  }
  if (held <= options_.most_bytes && difference.gone.empty()) return {};
  if (auto alone = reading.make_exclusive(); !alone) return alone;
  std::ranges::sort(spare, {}, &SpareDay::used);
  for (auto oldest = spare.begin(); held > options_.most_bytes && oldest != spare.end(); ++oldest) {
    if (auto removed = local_.remove_folder(oldest->folder); !removed) return removed;
    held -= oldest->bytes;
  }
  for (const Copy& each : difference.gone)
    if (auto removed = local_.remove(copies_.path_of(each.table, each.day, each.name)); !removed) return removed;
  return reading.make_shared();
}

Result<void> LakeCache::fetch(const std::vector<Copy>& missing) const {
  if (missing.empty()) return {};
  std::uint64_t of = 0, done = 0;
  for (const Copy& each : missing) of += each.bytes;
  std::mutex mutex;
  if (!options_.watch(0, of)) return std::unexpected(interrupted());
  return in_parallel(missing.size(), fetched_at_once, [&](std::size_t i) {
    return fetch(missing[i], [&](std::uint64_t more) {
      const std::lock_guard lock(mutex);
      return options_.watch(done += more, of);
    });
  });
}

Result<void> LakeCache::fetch(const Copy& each, const std::function<bool(std::uint64_t)>& add) const {
  const auto file = lake_.disk().open(lake_.path_of(each.table, each.day, each.name));
  if (!file) return std::unexpected(file.error());
  auto copy = HiddenFile::create(local_, copies_.path_of(each.table, each.day, each.name));
  if (!copy) return std::unexpected(copy.error());
  std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(each.bytes, fetched_piece)), '\0');
  for (std::uint64_t done = 0; done < each.bytes;) {
    const auto read = (*file)->read(done, piece);
    if (!read) return std::unexpected(read.error());
    if (*read == 0)
      return std::unexpected(
          Error::retryable(fmt::format("{} ended after {} of {} bytes; was it replaced?",
                                       lake_.path_of(each.table, each.day, each.name), done, each.bytes)));
    if (auto written = copy->append(std::string_view(piece).substr(0, *read)); !written) return written;
    done += *read;
    if (!add(*read)) return std::unexpected(interrupted());
  }
  if (auto durable = copy->make_durable(); !durable) return durable;
  if (auto made = local_.make_folder(copies_.folder_of(each.table, each.day)); !made) return made;
  return copy->show();
}

// The folder of a day keeps the time of its last use.
void LakeCache::note_use(const DayRange& days) const {
  for (const LakeTable table : both_tables) {
    const auto ours = copies_.days(table);
    if (!ours) return;
    for (const LakeDay day : *ours) {
      std::error_code ignored;
      if (days.has(day)) fs::last_write_time(copies_.folder_of(table, day), fs::file_time_type::clock::now(), ignored);
    }
  }
}

}  // namespace tidemark
