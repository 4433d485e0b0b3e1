#include "app/upkeep/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <utility>

#include "app/command_line/command.h"
#include "app/command_line/operands.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/data_dir/chosen_symbols.h"
#include "app/data_dir/gone_log.h"
#include "app/data_dir/lake_place.h"
#include "app/data_dir/recomputation.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/upkeep/backup_manifest.h"
#include "core/time/timestamp.h"
#include "io/disk/posix_disk.h"
#include "io/disk/small_file.h"
#include "io/embedded/embedded_log.h"
#include "io/embedded/log_copy.h"
#include "io/lake/lake.h"
#include "run/interfaces/readers.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

// The lake's files below are in the lake for good, as the log sees it.
struct Durable {
  Position trends = 0, bars = 0;
  Position of(LakeTable table) const { return table == LakeTable::Trends ? trends : bars; }
};

class Backup {
 public:
  Backup(const BackupOptions& options, const LakePlace& place)
      : options_(options), place_(place), lake_(place.lake()), can_link_(place.is_local()) {}

  Result<void> check() const;
  Result<void> make();
  // Cleans up after an error, so that the folder is not mistaken for a backup.
  void give_up() const;
  const BackupManifest& manifest() const { return manifest_; }
  std::size_t linked() const { return linked_; }

 private:
  Result<void> copy_the_log();
  Result<Durable> durable() const;
  Result<void> keep_the_lake(const Durable& durable);
  Result<void> keep_day(LakeTable table, LakeDay day, Position below, const FileWatch& watch);
  Result<FileSum> keep_file(const std::string& from, const std::string& to, const FileWatch& watch);
  Result<void> keep_chosen_symbols();
  Result<void> write_manifest_file();
  std::string path_of(std::string_view name) const { return (options_.to / name).string(); }

  const BackupOptions& options_;
  const LakePlace& place_;
  std::unique_ptr<Disk> disk_ = make_posix_disk(private_modes);
  Lake lake_;
  BackupManifest manifest_;
  std::size_t linked_ = 0;
  bool can_link_;
};

bool lies_in(const fs::path& path, const fs::path& folder) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(path, ignored), outer = fs::weakly_canonical(folder, ignored);
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

Result<void> Backup::check() const {
  std::error_code ignored;
  if (!fs::exists(options_.data / log_name, ignored) && !place_.expect_lake())
    return std::unexpected(Error::setup(
        fmt::format("{} holds neither a log nor a lake; name the data directory with --data", options_.data.string())));
  if (!options_.without_log) {
    const auto gone = gone_log(lake_, options_.data);
    if (!gone) return std::unexpected(gone.error());
    if (*gone) return std::unexpected(**gone);
  }
  if (lies_in(options_.to, options_.data))
    return std::unexpected(Error::setup(fmt::format(
        "{} lies in the data directory {}, and would be lost with it; name a folder elsewhere, best on another disk",
        options_.to.string(), options_.data.string())));
  const auto there = disk_->list(options_.to.string());
  if (!there) return std::unexpected(Error::setup(there.error().message()));
  if (there->empty()) return {};
  const bool whole = std::ranges::find(*there, manifest_name) != there->end();
  return std::unexpected(
      Error::setup(fmt::format("{} {}; name a folder that is new or empty", options_.to.string(),
                               whole ? "holds a backup already" : "is not empty, and holds no whole backup")));
}

Result<void> Backup::make() {
  if (auto made = lake_.disk().make_folder(lake_.folder()); !made) return made;
  const auto restating = wait_for_restating(lake_, "backup");
  if (!restating) return std::unexpected(restating.error());
  if (auto made = disk_->make_folder(options_.to.string()); !made) return made;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  manifest_.made = fmt::format("{} by {}{}", format_timestamp(now), TIDEMARK_VERSION,
                               place_.is_local() ? "" : " from the lake at " + place_.text());
  if (auto copied = copy_the_log(); !copied) return copied;
  const auto below = durable();
  if (!below) return std::unexpected(below.error());
  if (auto kept = keep_the_lake(*below); !kept) return kept;
  if (auto kept = keep_chosen_symbols(); !kept) return kept;
  return write_manifest_file();
}

void Backup::give_up() const {
  std::error_code ignored;
  for (const std::string_view name : {manifest_name, log_name, lake_folder_name, std::string_view(chosen_symbols_name)})
    fs::remove_all(options_.to / name, ignored);
  for (const char* beside : {"log.db-journal", "log.db-wal", "log.db-shm", ".MANIFEST"})
    fs::remove(options_.to / beside, ignored);
  fs::remove(options_.to, ignored);  // fails if other files are in it
}

Result<void> Backup::copy_the_log() {
  std::error_code error;
  if (!fs::exists(options_.data / log_name, error)) return {};
  Progress progress("MB of the log", std::nullopt);
  const std::string copy = path_of(log_name);
  if (auto copied = copy_log((options_.data / log_name).string(), copy,
                             [&](std::uint64_t done, std::uint64_t all) {
                               progress.advance_to(done / Progress::megabyte,
                                                   static_cast<double>(done) / static_cast<double>(all));
                               return !stop_requested();
                             });
      !copied)
    return copied;
  const auto sum = sum_of_file(*disk_, copy, [](std::uint64_t) { return !stop_requested(); });
  if (!sum) return std::unexpected(sum.error());
  manifest_.files.push_back({std::string(log_name), *sum});
  return {};
}

Result<Durable> Backup::durable() const {
  constexpr Position all = std::numeric_limits<Position>::max();
  if (manifest_.files.empty()) return Durable{all, all};  // a lake without a log: no process publishes meanwhile
  const auto log = open_embedded_log({.directory = options_.to.string(), .read_only = true});
  if (!log) return std::unexpected(log.error());
  const auto store = (*log)->restore(lake_reader);
  if (!store) return std::unexpected(store.error());
  Durable durable;
  for (const auto& [topic, place] : {std::pair(Topic::Trends, &durable.trends), {Topic::JudgedBars, &durable.bars}}) {
    const auto begin = (*log)->begin(topic);
    if (!begin) return std::unexpected(begin.error());
    *place = std::max(*begin, store->position(topic));  // a new log need not begin at 0
  }
  return durable;
}

Result<void> Backup::keep_the_lake(const Durable& durable) {
  Progress progress("MB of the lake", std::nullopt);
  std::uint64_t done = 0;
  const FileWatch watch = [&](std::uint64_t bytes) {
    progress.advance_to((done += bytes) / Progress::megabyte);
    return !stop_requested();
  };
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const auto days = lake_.days(table);
    if (!days) return std::unexpected(days.error());
    for (const LakeDay day : *days)
      if (auto kept = keep_day(table, day, durable.of(table), watch); !kept) return kept;
  }
  return {};
}

Result<void> Backup::keep_day(LakeTable table, LakeDay day, Position below, const FileWatch& watch) {
  const auto files = lake_.files(table, day);
  if (!files) return std::unexpected(files.error());
  const std::string folder = fmt::format("{}/{}/dt={}", lake_folder_name, to_string(table), to_text(day));
  bool made = false;
  for (const LakeFile& file : *files) {
    if (file.to > below && file.from >= below) continue;  // published meanwhile, or about to be
    if (file.to > below)
      return std::unexpected(Error::permanent(
          fmt::format("{} does not belong to this log: the lake has all offsets below {}, and none above",
                      lake_.path_of(table, day, file.name), below)));
    if (!std::exchange(made, true))
      if (auto folder_made = disk_->make_folder(path_of(folder)); !folder_made) return folder_made;
    const std::string name = fmt::format("{}/{}", folder, file.name);
    const auto sum = keep_file(lake_.path_of(table, day, file.name), path_of(name), watch);
    if (!sum) return std::unexpected(sum.error());
    manifest_.files.push_back({name, *sum});
  }
  return made ? disk_->sync_folder(path_of(folder)) : Result<void>();
}

Result<FileSum> Backup::keep_file(const std::string& from, const std::string& to, const FileWatch& watch) {
  // Another file system, or one without links: then all of them are copied.
  can_link_ = can_link_ && disk_->abilities().can(DiskAbility::Link);
  if (can_link_ && !options_.copy) can_link_ = disk_->link(from, to).has_value();
  if (!can_link_ || options_.copy) return copy_file(lake_.disk(), from, *disk_, to, watch);
  ++linked_;
  return sum_of_file(*disk_, to, watch);
}

Result<void> Backup::keep_chosen_symbols() {
  const auto text = read_small_file((options_.data / chosen_symbols_name).string());
  if (!text) return std::unexpected(text.error());
  if (!*text) return {};
  if (auto kept = replace_small_file(path_of(chosen_symbols_name), **text, private_modes.file); !kept) return kept;
  manifest_.files.push_back({chosen_symbols_name, sum_of_bytes(**text)});
  return {};
}

Result<void> Backup::write_manifest_file() {
  const std::string hidden = path_of(".MANIFEST"), folder = options_.to.string();
  // All files that the manifest names are durable before it gets its own name.
  if (auto synced = disk_->sync_folder(folder); !synced) return synced;
  const auto file = disk_->create(hidden);
  if (!file) return std::unexpected(file.error());
  if (auto written = (*file)->append(write_manifest(manifest_)); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  if (stop_requested()) return std::unexpected(Error::permanent("interrupted"));
  if (auto shown = disk_->rename(hidden, path_of(manifest_name)); !shown) return shown;
  return disk_->sync_folder(folder);
}

int perform(const BackupOptions& options, const LakePlace& place) {
  watch_stop_signals();
  Backup backup(options, place);
  const auto refuse = [](const Error& error) { return fail_or_stop("backup", error); };
  if (const auto possible = backup.check(); !possible) return refuse(possible.error());
  if (const auto made = backup.make(); !made) {
    backup.give_up();
    return refuse(made.error());
  }
  fmt::print("{}: {} files, {:.1f} MB, {} of them links into the lake\n", options.to.string(),
             backup.manifest().files.size(), static_cast<double>(backup.manifest().bytes()) / 1e6, backup.linked());
  return exit_ok;
}

int perform(BackupRequest& request) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  const auto place = LakePlace::of_data(*run, LakePlace::Use::Change);
  if (!place) return fail("backup", place.error());
  return perform(request.options, *place);
}

Result<Command> parse_backup(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  BackupRequest request;
  std::vector<std::string> folder;
  SettingFlags flags;
  verb.heading("What");
  verb.operands("DIR", "where the backup is made: a folder that is new or empty", folder);
  flags.add_existing_data(verb);
  verb.toggle("copy", "copy the lake's files even where a hard link would do",
              [&](bool on) { request.options.copy = on; });
  verb.toggle("without-log", "a lake alone, whose log is gone or is in Kafka; refused if not set",
              [&](bool on) { request.options.without_log = on; });
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (const auto wrong = take_folder(folder, request.options.to)) return verb.failed(wrong->message());
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec backup_verb{
    .name = "backup",
    .summary = "a whole copy of a data directory, while a run works on it",
    .usage = "[OPTIONS] DIR",
    .about = R"(Copies the log as it is at one moment, and of the lake what was published by then;
what came since is in that log, and will be published from it. On the same file
system the lake's files become hard links, which cost nothing and are never
changed; against a dying disk take another one, or --copy. Of a lake in HDFS or S3
the files are copied: a list of them could not bring back a day that is made anew
later. Every file is read
and its CRC-32 goes into DIR/MANIFEST, which is written last: a folder without
it is no backup. Waits while a day is compacted, recomputed or imported.)",
    .examples = R"(  tidemark backup /mnt/backup/$(date +%F)
  tidemark backup --data /var/lib/tidemark /mnt/backup/monday
  tidemark restore --check /mnt/backup/monday      is it whole, still)",
    .parse = parse_backup};

}  // namespace tidemark
