#include "io/lake/day_exchange.h"

#include <fmt/core.h>

#include <algorithm>

namespace tidemark {
namespace {

constexpr std::string_view list_name = ".replaces";

// "bars.dt=2026-11-22" → "bars" and "dt=2026-11-22"
std::string_view table_part(std::string_view day) { return day.substr(0, day.find('.')); }
std::string_view day_part(std::string_view day) { return day.substr(day.find('.') + 1); }
bool is_day(std::string_view name) { return name.find(".dt=") != name.npos; }

Result<std::string> whole_text_of(const Disk& disk, const std::string& path) {
  const auto file = disk.open(path);
  if (!file) return std::unexpected(file.error());
  std::string text(static_cast<std::size_t>((*file)->size()), '\0');
  if (const auto read = (*file)->read(0, text); !read) return std::unexpected(read.error());
  return text;
}

}  // namespace

std::string DayExchange::table_of(std::string_view day) const { return fmt::format("{}/{}", lake_, table_part(day)); }
std::string DayExchange::shown(std::string_view day) const {
  return fmt::format("{}/{}", table_of(day), day_part(day));
}
std::string DayExchange::anew(std::string_view day) const { return fmt::format("{}/.anew/{}", lake_, day); }
std::string DayExchange::old(std::string_view day) const { return fmt::format("{}/.old/{}", lake_, day); }
std::string DayExchange::list_of_replaced(std::string_view day) const {
  return fmt::format("{}/{}", anew(day), list_name);
}

bool DayExchange::is_one_step() const {
  const DiskAbilities abilities = disk_.abilities();
  return abilities.can(DiskAbility::Rename) && abilities.can(DiskAbility::Exchange) && abilities.can(DiskAbility::Link);
}

Result<void> DayExchange::is_possible() const {
  if (auto can = require(disk_, {DiskAbility::Lock}, lake_); !can) return can;
  // Without a rename a file is copied into the day, where readers must not see the beginning of it.
  const bool copies = disk_.abilities().file_appears == FileAppears::WhenSynced;
  return copies ? Result<void>{} : require(disk_, {DiskAbility::Rename}, lake_);
}

Result<std::unique_ptr<DiskLock>> DayExchange::lock_publishing() const {
  if (!is_possible()) return std::unique_ptr<DiskLock>();
  return disk_.lock(lake_ + "/.publishing", Disk::Wait::Yes);
}

Result<bool> DayExchange::has(const std::string& folder, std::string_view name) const {
  const auto names = disk_.list(folder);
  if (!names) return std::unexpected(names.error());
  return std::ranges::find(*names, name) != names->end();
}

Result<bool> DayExchange::has_left_behind() const {
  for (const char* const hidden : {"/.anew", "/.old"}) {
    const auto days = disk_.list(lake_ + hidden);
    if (!days) return std::unexpected(days.error());
    if (!days->empty()) return true;
  }
  return false;
}

Result<void> DayExchange::finish_killed() const {
  for (const char* const hidden : {"/.anew", "/.old"}) {
    const auto days = disk_.list(lake_ + hidden);
    if (!days) return std::unexpected(days.error());
    if (days->empty()) continue;
    const auto publishing = is_one_step() ? std::unique_ptr<DiskLock>() : lock_publishing();
    if (!publishing) return std::unexpected(publishing.error());
    for (const std::string& day : *days)
      if (auto settled = settle(day); !settled) return settled;
  }
  return {};
}

// Finishes the day if it is decided, else removes what was begun.
Result<void> DayExchange::settle(const std::string& day) const {
  if (!is_day(day)) return disk_.remove_folder(anew(day));
  if (is_one_step()) return remove_anew(day);
  const auto is_decided = has(anew(day), list_name);
  if (!is_decided) return std::unexpected(is_decided.error());
  if (*is_decided) return finish(day);
  if (auto removed = remove_anew(day); !removed) return removed;
  return clear_old(day);
}

Result<std::string> DayExchange::begin(const std::string& day) const {
  if (auto can = is_possible(); !can) return std::unexpected(can.error());
  if (auto made = disk_.make_folder(table_of(day)); !made) return std::unexpected(made.error());
  {
    const auto publishing = is_one_step() ? std::unique_ptr<DiskLock>() : lock_publishing();
    if (!publishing) return std::unexpected(publishing.error());
    if (auto settled = settle(day); !settled) return std::unexpected(settled.error());
  }
  if (auto cleared = forget_old_days(); !cleared) return std::unexpected(cleared.error());
  if (auto made = disk_.make_folder(anew(day)); !made) return std::unexpected(made.error());
  return anew(day);
}

// A power cut must not bring back an old day whose removal was not durable yet: the next exchange of the day would take
// it for its own.
Result<void> DayExchange::forget_old_days() const {
  if (is_one_step() || !disk_.abilities().can(DiskAbility::Rename)) return {};
  if (auto made = disk_.make_folder(lake_ + "/.old"); !made) return made;
  return disk_.sync_folder(lake_ + "/.old");
}

Result<void> DayExchange::exchange(const std::string& day, const std::set<std::string>& replaced) const {
  if (is_one_step()) return exchange_in_one_step(day, replaced);
  if (auto is_decided = decide(day, replaced); !is_decided) return is_decided;
  return finish(day);
}

Result<void> DayExchange::exchange_in_one_step(const std::string& day, const std::set<std::string>& replaced) const {
  const auto names = disk_.list(shown(day));
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (replaced.contains(name)) continue;
    auto kept = disk_.link(fmt::format("{}/{}", shown(day), name), fmt::format("{}/{}", anew(day), name));
    if (!kept) return kept;
  }
  if (auto synced = disk_.sync_folder(anew(day)); !synced) return synced;
  const auto is_there = has(table_of(day), day_part(day));
  if (!is_there) return std::unexpected(is_there.error());
  auto placed = *is_there ? disk_.exchange(anew(day), shown(day)) : disk_.rename(anew(day), shown(day));
  if (!placed) return placed;
  if (auto synced = disk_.sync_folder(table_of(day)); !synced) return synced;
  return remove_anew(day);
}

// The folder may hold the old day of an exchange that is not durable yet. As long as a power cut could bring that day
// back, its files must stay.
Result<void> DayExchange::remove_anew(const std::string& day) const {
  const auto is_there = has(lake_ + "/.anew", day);
  if (!is_there) return std::unexpected(is_there.error());
  if (!*is_there) return {};
  if (auto synced = disk_.sync_folder(table_of(day)); !synced) return synced;
  if (auto synced = disk_.sync_folder(lake_ + "/.anew"); !synced) return synced;
  return disk_.remove_folder(anew(day));
}

Result<void> DayExchange::give_up(const std::string& day) const {
  const auto is_decided = is_one_step() ? Result<bool>(false) : has(anew(day), list_name);
  if (!is_decided || *is_decided) return {};
  return remove_anew(day);
}

// The list is complete before it has its name, because its name decides.
Result<void> DayExchange::decide(const std::string& day, const std::set<std::string>& replaced) const {
  const bool renames = disk_.abilities().can(DiskAbility::Rename);
  const std::string path = list_of_replaced(day), written = renames ? path + ".writing" : path;
  std::string text;
  for (const std::string& name : replaced) text += name + '\n';
  const auto file = disk_.create(written);
  if (!file) return std::unexpected(file.error());
  if (auto appended = (*file)->append(text); !appended) return appended;
  if (auto synced = (*file)->sync(); !synced) return synced;
  if (auto synced = disk_.sync_folder(anew(day)); !synced) return synced;
  if (!renames) return {};
  if (auto renamed = disk_.rename(written, path); !renamed) return renamed;
  return disk_.sync_folder(anew(day));
}

Result<std::set<std::string>> DayExchange::decided(const std::string& day) const {
  const auto text = whole_text_of(disk_, list_of_replaced(day));
  if (!text) return std::unexpected(text.error());
  std::set<std::string> names;
  for (std::size_t begin = 0, end = 0; (end = text->find('\n', begin)) != text->npos; begin = end + 1)
    names.insert(text->substr(begin, end - begin));
  return names;
}

Result<void> DayExchange::finish(const std::string& day) const {
  const auto replaced = decided(day);
  if (!replaced) return std::unexpected(replaced.error());
  if (auto synced = disk_.sync_folder(anew(day)); !synced) return synced;  // it is seen, and may not be durable yet
  return disk_.abilities().can(DiskAbility::Rename) ? finish_by_renames(day, *replaced)
                                                    : finish_by_copies(day, *replaced);
}

// Any beginning of this may have been done before, by a process that was killed. Meanwhile another one may have
// published into a folder that it made anew.
Result<void> DayExchange::finish_by_renames(const std::string& day, const std::set<std::string>& replaced) const {
  const auto is_shown = has(table_of(day), day_part(day)), is_old = has(lake_ + "/.old", day);
  if (!is_shown) return std::unexpected(is_shown.error());
  if (!is_old) return std::unexpected(is_old.error());
  if (*is_shown && *is_old) {
    if (auto moved = move_what_stays(shown(day), day, replaced); !moved) return moved;
    if (auto removed = disk_.remove_folder(shown(day)); !removed) return removed;
  } else if (*is_shown) {
    if (auto moved = disk_.rename(shown(day), old(day)); !moved) return moved;
    if (auto synced = disk_.sync_folder(lake_ + "/.old"); !synced) return synced;
  } else if (!*is_old) {  // a day that was not there; what finishes this once more shall see how far it came
    if (auto made = disk_.make_folder(old(day)); !made) return made;
  }
  if (auto moved = move_what_stays(old(day), day, replaced); !moved) return moved;
  if (auto placed = disk_.rename(anew(day), shown(day)); !placed) return placed;
  return clear_old(day);
}

Result<void> DayExchange::move_what_stays(const std::string& from, const std::string& day,
                                          const std::set<std::string>& replaced) const {
  const auto names = disk_.list(from);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (replaced.contains(name) || name == list_name) continue;
    auto moved = disk_.rename(fmt::format("{}/{}", from, name), fmt::format("{}/{}", anew(day), name));
    if (!moved) return moved;
  }
  return disk_.sync_folder(anew(day));
}

// Makes the new day durable first. A later exchange must not find this one's old day again, so its removal is made
// durable, too.
Result<void> DayExchange::clear_old(const std::string& day) const {
  const auto is_old = has(lake_ + "/.old", day), is_listed = has(shown(day), list_name);
  const auto is_shown = has(table_of(day), day_part(day));
  if (!is_old) return std::unexpected(is_old.error());
  if (!is_listed) return std::unexpected(is_listed.error());
  if (!is_shown) return std::unexpected(is_shown.error());
  if (!*is_old && !*is_listed) return {};
  if (!*is_shown) {  // somebody has removed the new day before it was shown
    if (auto moved = disk_.rename(old(day), shown(day)); !moved) return moved;
    return disk_.sync_folder(table_of(day));
  }
  if (auto synced = disk_.sync_folder(table_of(day)); !synced) return synced;
  if (*is_listed)
    if (auto removed = disk_.remove(fmt::format("{}/{}", shown(day), list_name)); !removed) return removed;
  if (auto synced = disk_.sync_folder(shown(day)); !synced) return synced;
  if (auto removed = disk_.remove_folder(old(day)); !removed) return removed;
  return disk_.sync_folder(lake_ + "/.old");
}

Result<void> DayExchange::finish_by_copies(const std::string& day, const std::set<std::string>& replaced) const {
  const auto fresh = disk_.list(anew(day));
  if (!fresh) return std::unexpected(fresh.error());
  if (auto made = disk_.make_folder(shown(day)); !made) return made;
  for (const std::string& name : replaced)
    if (auto removed = disk_.remove(fmt::format("{}/{}", shown(day), name)); !removed) return removed;
  if (auto synced = disk_.sync_folder(shown(day)); !synced) return synced;
  for (const std::string& name : *fresh) {
    if (name == list_name) continue;
    auto copied = disk_.copy(fmt::format("{}/{}", anew(day), name), fmt::format("{}/{}", shown(day), name));
    if (!copied) return copied;
  }
  if (auto synced = disk_.sync_folder(shown(day)); !synced) return synced;
  if (auto removed = disk_.remove(list_of_replaced(day)); !removed) return removed;
  if (auto synced = disk_.sync_folder(anew(day)); !synced) return synced;
  return disk_.remove_folder(anew(day));
}

}  // namespace tidemark
