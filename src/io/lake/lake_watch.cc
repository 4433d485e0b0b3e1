#include "io/lake/lake_watch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "io/disk/posix_disk.h"

namespace tidemark {
namespace {

constexpr std::size_t most_shown = 1'024, newest_at_once = 16, others_at_once = 112;

bool is_shown_parquet(std::string_view name) { return name.ends_with(".parquet") && !name.starts_with('.'); }

LakeTable table_of(std::string_view folder) {
  return folder.find(fmt::format("/{}/", to_string(LakeTable::Bars))) != folder.npos ? LakeTable::Bars
                                                                                     : LakeTable::Trends;
}

std::int64_t size_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_size : -1;
}

}  // namespace

std::int64_t LakeWatch::stamp_of_restating() const {
  struct stat status{};
  if (::stat(lake_.restating_path().c_str(), &status) != 0) return 0;
  return status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
}

void LakeWatch::begin() {
  const std::lock_guard lock(mutex_);
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const std::size_t most = shown_.size() + most_shown / 2;
    auto days = lake_.days(table);
    if (!days) continue;
    for (; !days->empty() && shown_.size() < most; days->pop_back())
      add_folder(lake_.folder_of(table, days->back()), most - shown_.size());
  }
}

void LakeWatch::note(std::span<const std::string> names) {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : names) {
    const auto slash = name.rfind('/');
    if (slash != name.npos)
      add(fmt::format("{}/{}", lake_.folder(), name.substr(0, slash)), name.substr(slash + 1), true);
  }
}

void LakeWatch::add(const std::string& folder, const std::string& name, bool is_ours) {
  Shown shown;
  shown.folder = folder;
  shown.name = name;
  shown.stamp = stamp_of_restating();
  shown.is_ours = is_ours;
  const auto in_folder = identity_of(folder), file = identity_of(shown.path());
  // One of ours may have been taken away before anybody looked.
  if (!in_folder || (!file && (!is_ours || has_another_file_with_its_rows(shown)))) return;
  shown.in_folder = *in_folder;
  shown.file = file.value_or(FileIdentity{});
  shown.bytes = size_of(shown.path());
  // One that is shown once more after a failure is the same file under the same name, or another.
  std::erase_if(shown_, [&](const Shown& other) { return other.name == name && other.folder == folder; });
  shown_.push_back(std::move(shown));
  if (shown_.size() > most_shown) shown_.pop_front();
}

void LakeWatch::add_folder(const std::string& folder, std::size_t most) {
  auto names = lake_.disk().list(folder);
  if (!names) return;
  std::erase_if(*names, [](const std::string& name) { return !is_shown_parquet(name); });
  const std::size_t count = std::min(most, names->size());
  for (const std::string& name : std::span(*names).last(count)) add(folder, name, false);
}

std::optional<std::string> LakeWatch::look() {
  const std::lock_guard lock(mutex_);
  const std::int64_t stamp = stamp_of_restating();
  std::set<std::string> exchanged;
  std::set<std::size_t> chosen;
  for (std::size_t i = 0; i < std::min(newest_at_once, shown_.size()); ++i) chosen.insert(shown_.size() - 1 - i);
  for (std::size_t i = 0; i < std::min(others_at_once, shown_.size()); ++i) chosen.insert(turn_++ % shown_.size());
  for (std::size_t i = 0; i < shown_.size(); ++i)
    if (shown_[i].is_missed) chosen.insert(i);
  std::set<std::size_t> forgotten;
  std::optional<std::string> first;
  std::size_t wrong = 0;
  for (const std::size_t i : chosen) {
    const Check finding = judge(shown_[i], stamp, exchanged);
    if (finding == Check::Forget) forgotten.insert(i);
    if (finding == Check::Wrong && ++wrong == 1) first = shown_[i].path();
  }
  for (auto i = forgotten.rbegin(); i != forgotten.rend(); ++i)
    shown_.erase(shown_.begin() + static_cast<std::ptrdiff_t>(*i));
  for (const std::string& folder : exchanged) add_folder(folder, most_shown / 4);
  if (!first) return std::nullopt;
  return fmt::format(
      "{} was removed, replaced or renamed behind this process's back{}; bring it back, or `tidemark verify --repair` "
      "publishes once more what the log still holds",
      *first, wrong > 1 ? fmt::format(", and {} more files of the lake", wrong - 1) : std::string());
}

LakeWatch::Check LakeWatch::judge(Shown& shown, std::int64_t stamp, std::set<std::string>& exchanged) const {
  const auto folder = identity_of(shown.folder), file = identity_of(shown.path());
  if (folder && *folder != shown.in_folder) {  // made anew as a whole: its files are others
    exchanged.insert(shown.folder);
    return Check::Forget;
  }
  if (!folder && !shown.is_ours) return Check::Forget;
  // Brought back it is another file, of the same size.
  if (file && shown.was_gone && (shown.bytes < 0 || size_of(shown.path()) == shown.bytes)) shown.file = *file;
  shown.was_gone = shown.was_gone || !file;
  if (file == shown.file) {
    shown.was_gone = false;
    shown.stamp = stamp;
    shown.is_missed = false;
    return Check::Fine;
  }
  return judge_changed(shown, stamp);
}

LakeWatch::Check LakeWatch::judge_changed(Shown& shown, std::int64_t stamp) const {
  if (stamp != shown.stamp) {  // somebody has held the lake's lock since
    if (!shown.is_missed || has_another_file_with_its_rows(shown)) return Check::Forget;
    shown.stamp = stamp;
    return Check::Wrong;
  }
  if (!shown.is_missed && lock_holder(lake_.restating_path())) {  // believed, and forgotten when that is done
    shown.stamp = -1;
    return Check::Fine;
  }
  shown.is_missed = true;
  return Check::Wrong;
}

bool LakeWatch::has_another_file_with_its_rows(const Shown& shown) const {
  const auto missed = parse_lake_file(table_of(shown.folder), shown.name);
  const auto names = lake_.disk().list(shown.folder);
  if (!missed || !names) return false;
  return std::ranges::any_of(*names, [&](const std::string& name) {
    const auto file = parse_lake_file(table_of(shown.folder), name);
    return file && file->from < missed->to && missed->from < file->to;
  });
}

}  // namespace tidemark
