#include "app/upkeep/restore.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/command_line/command.h"
#include "app/command_line/operands.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/data_dir/lake_place.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/upkeep/backup_manifest.h"
#include "app/upkeep/restored_lake.h"
#include "io/config/setting.h"
#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class Restore {
 public:
  Restore(const RestoreOptions& options, const LakePlace& place)
      : options_(options), lake_(place, staging(), options.lake_mode) {}

  // Error::setup before anything is read or written.
  Result<void> check_target() const;
  Result<void> read_manifest_file();
  // Compares every file with the manifest, and copies it unless only a check was requested.
  Result<void> take_files();
  Result<void> show();
  void give_up();
  const BackupManifest& manifest() const { return manifest_; }

 private:
  Result<void> take(const BackupFile& file, const FileWatch& watch);
  std::string staging() const { return target().string() + ".restoring"; }
  fs::path target() const {  // without a trailing slash, so that a suffix can be added
    std::error_code ignored;
    const fs::path path = fs::absolute(options_.data, ignored).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
  }

  static bool is_of_lake(const std::string& name) { return name.starts_with(lake_folder_name); }

  const RestoreOptions& options_;
  std::unique_ptr<Disk> disk_ =
      make_posix_disk({.file = private_modes.file, .folder = data_folder_mode(options_.lake_mode)});
  RestoredLake lake_;
  BackupManifest manifest_;
  bool is_shown_ = false;
};

Result<void> Restore::check_target() const {
  const auto there = disk_->list(options_.data.string());
  if (!there) return std::unexpected(Error::setup(there.error().message()));
  if (!there->empty())
    return std::unexpected(Error::setup(
        fmt::format("{} is not empty, and nothing is written over; name a new directory with --data, or move that away",
                    options_.data.string())));
  return lake_.check_is_free();
}

Result<void> Restore::read_manifest_file() {
  const std::string path = (options_.from / manifest_name).string();
  std::error_code ignored;
  if (!fs::is_directory(options_.from, ignored))
    return std::unexpected(Error::setup(fmt::format("{} is no folder", options_.from.string())));
  if (!fs::exists(path, ignored))
    return std::unexpected(Error::permanent(fmt::format("{} is no whole backup: it has no {}, which is written last",
                                                        options_.from.string(), manifest_name)));
  const auto file = disk_->open(path);
  if (!file) return std::unexpected(file.error());
  std::string text((*file)->size(), '\0');
  const auto size = (*file)->read(0, text);
  if (!size) return std::unexpected(size.error());
  auto manifest = read_manifest(std::string_view(text).substr(0, *size));
  if (!manifest) return std::unexpected(manifest.error().while_doing(path));
  manifest_ = std::move(*manifest);
  return {};
}

Result<void> Restore::take_files() {
  if (!options_.check) {
    if (auto removed = disk_->remove_folder(staging()); !removed) return removed;  // left by a killed restore
    if (auto made = disk_->make_folder(staging()); !made) return made;
    if (auto begun = lake_.begin(); !begun) return begun;
  }
  Progress progress("MB", manifest_.bytes() / Progress::megabyte);
  std::uint64_t done = 0;
  const FileWatch watch = [&](std::uint64_t bytes) {
    progress.advance_to((done += bytes) / Progress::megabyte);
    return !stop_requested();
  };
  for (const BackupFile& file : manifest_.files)
    if (auto taken = take(file, watch); !taken) return taken;
  return {};
}

Result<void> Restore::take(const BackupFile& file, const FileWatch& watch) {
  const std::string from = (options_.from / file.name).string();
  const std::string to = is_of_lake(file.name) ? lake_.path_of(file.name) : fmt::format("{}/{}", staging(), file.name);
  const std::string folder = to.substr(0, to.rfind('/'));
  Disk& target_disk = is_of_lake(file.name) ? lake_.disk() : *disk_;
  if (!options_.check)
    if (auto made = target_disk.make_folder(folder); !made) return made;
  const auto sum = options_.check ? sum_of_file(*disk_, from, watch) : copy_file(*disk_, from, target_disk, to, watch);
  if (!sum) return std::unexpected(sum.error());
  if (*sum != file.sum)
    return std::unexpected(Error::permanent(fmt::format(
        "{} is damaged: it has {} bytes with CRC-32 {:08x}, the manifest says {} with {:08x}; take another backup",
        from, sum->bytes, sum->crc, file.sum.bytes, file.sum.crc)));
  return options_.check ? Result<void>() : target_disk.sync_folder(folder);
}

Result<void> Restore::show() {
  if (stop_requested()) return std::unexpected(Error::permanent("interrupted"));
  if (auto claimed = lake_.claim(); !claimed) return claimed;
  if (auto shown = disk_->rename(staging(), target().string()); !shown) return shown;  // also replaces an empty folder
  if (auto synced = disk_->sync_folder(target().parent_path().string()); !synced) return synced;
  is_shown_ = true;
  return lake_.finish();
}

void Restore::give_up() {
  if (is_shown_) return;
  (void)disk_->remove_folder(staging());
  lake_.give_up();
}

int perform(const RestoreOptions& options, const LakePlace& place) {
  watch_stop_signals();
  Restore restore(options, place);
  const auto refuse = [](const Error& error) { return fail_or_stop("restore", error); };
  if (!options.check)
    if (const auto free = restore.check_target(); !free) return refuse(free.error());
  if (const auto known = restore.read_manifest_file(); !known) return refuse(known.error());
  auto done = restore.take_files();
  if (done && !options.check) done = restore.show();
  if (!done) {
    if (!options.check) restore.give_up();
    return refuse(done.error());
  }
  fmt::print("{}: whole, {} files, {:.1f} MB, made {}\n", options.from.string(), restore.manifest().files.size(),
             static_cast<double>(restore.manifest().bytes()) / 1e6, restore.manifest().made);
  if (!options.check)
    fmt::print("{} is ready for `tidemark run`{}\n", options.data.string(),
               place.is_local() ? "" : fmt::format(", its lake is at {}", place.text()));
  return exit_ok;
}

int perform(RestoreRequest& request) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  const LakePlace place(*run);
  return perform(request.options, place);
}

Result<Command> parse_restore(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  RestoreRequest request;
  std::vector<std::string> folder;
  SettingFlags flags;
  verb.heading("What");
  verb.operands("DIR", "the backup", folder);
  flags.add_to(verb, *find_setting(run_settings(), "data"));
  flags.add_to(verb, *find_setting(run_settings(), "lake"),
               "put the lake there, where no lake may be; into the data directory if not set");
  verb.toggle("check", "only say whether the backup is whole", [&](bool on) { request.options.check = on; });
  return parse_words(verb, words, [&]() -> Result<Command> {
    if (const auto wrong = take_folder(folder, request.options.from)) return verb.failed(wrong->message());
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec restore_verb{
    .name = "restore",
    .summary = "a data directory from a backup, proved whole",
    .usage = "[OPTIONS] DIR",
    .about = R"(Copies the backup DIR into a new data directory, compares the CRC-32 of every file,
and only then gives it its name. `tidemark run` goes on there where the backup was
made: what the feed can bring again is counted once, and nothing is there twice.
Nothing is written over: the data directory must be new or empty. With `lake` the
lake goes to HDFS or S3, where it must be alone; wherever it was before.)",
    .examples = R"(  tidemark restore /mnt/backup/monday --data /var/lib/tidemark
  tidemark restore /mnt/backup/monday --lake webhdfs://tidemark@namenode:9870/warehouse/restored
  tidemark restore --check /mnt/backup/monday)",
    .parse = parse_restore};

}  // namespace tidemark
