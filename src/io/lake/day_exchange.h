// DayExchange: how a day of the lake becomes another one, on each kind of disk.
//
//     the disk can       what is done                                                  a reader sees meanwhile
//     exchange folders   what stays is linked into .anew/…; .anew/… ⇄ dt=D              the old day or the new one
//     rename             dt=D ─▶ .old/…; what stays ─▶ .anew/…; .anew/… ─▶ dt=D         the old one, the new one, or no such day
//     neither            what is replaced is removed; what is new is copied to dt=D     the old one, the new one, or less of either
//
// A reader that lists the day never sees a row twice. Where it takes several steps, the names of the files that are
// replaced are first written into the new folder (`.replaces`), durably. From then on the exchange is never undone:
// whoever next opens the lake, or takes its restating lock, finishes it. Before that, the new folder is only removed.
// It needs that no new file has the name of a file that it replaces (Lake::free_part).
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "run/interfaces/disk.h"

namespace tidemark {

class DayExchange {
 public:
  // Days are named by their table and folder: "bars.dt=2026-11-22".
  DayExchange(Disk& disk, const std::string& lake) : disk_(disk), lake_(lake) {}

  // Whether the disk can do it at all; else which ability it lacks, and why.
  Result<void> is_possible() const;
  // Whether an exchange is one step here, so that none can be left unfinished.
  bool is_one_step() const;
  // Keeps publishing and exchanges apart, on this machine; none where the disk has no locks.
  Result<std::unique_ptr<DiskLock>> lock_publishing() const;

  // Whether a day is being made, or was when its process was killed.
  Result<bool> has_left_behind() const;

  // The caller of the following holds the restating lock.

  // Finishes what a killed process had decided, and removes what it had only begun.
  Result<void> finish_killed() const;
  // Creates the empty folder in which the day is made.
  Result<std::string> begin(const std::string& day) const;
  // Replaces these files of the day by those in that folder, which are synced. The other files of the day stay. The
  // caller holds the publishing lock, too.
  Result<void> exchange(const std::string& day, const std::set<std::string>& replaced) const;
  // Removes what was begun, unless it is decided.
  Result<void> give_up(const std::string& day) const;

 private:
  std::string table_of(std::string_view day) const;
  std::string shown(std::string_view day) const;
  std::string anew(std::string_view day) const;
  std::string old(std::string_view day) const;
  std::string list_of_replaced(std::string_view day) const;

  Result<bool> has(const std::string& folder, std::string_view name) const;
  Result<void> exchange_in_one_step(const std::string& day, const std::set<std::string>& replaced) const;
  Result<void> decide(const std::string& day, const std::set<std::string>& replaced) const;
  Result<std::set<std::string>> decided(const std::string& day) const;
  Result<void> finish(const std::string& day) const;
  Result<void> finish_by_renames(const std::string& day, const std::set<std::string>& replaced) const;
  Result<void> finish_by_copies(const std::string& day, const std::set<std::string>& replaced) const;
  Result<void> move_what_stays(const std::string& from, const std::string& day,
                               const std::set<std::string>& replaced) const;
  Result<void> clear_old(const std::string& day) const;
  Result<void> forget_old_days() const;
  Result<void> remove_anew(const std::string& day) const;
  Result<void> settle(const std::string& day) const;

  Disk& disk_;
  const std::string& lake_;
};

}  // namespace tidemark
