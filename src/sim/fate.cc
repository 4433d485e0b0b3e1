#include "sim/fate.h"

#include "core/check.h"
#include "core/enum_names.h"

namespace tidemark::sim {

std::string_view to_string(Fault fault) {
  constexpr EnumNames<Fault, fault_count> names{
      "slow",          "with the disk full",  "failed reads", "failed writes",     "failed syncs", "failed names",
      "killed before", "killed in the midst", "killed after", "misdirected reads", "stale reads"};
  return names[fault];
}

// Near and far kills alike: those soon after a start meet recovery itself.
void Fate::aim() {
  if (hostility_.kill > 0) next_kill_ = deeds_ + random_.between(1, random_.between(2, 2 * hostility_.kill));
}

void Fate::revive() {
  dead_ = false;
  aim();
}

Fate::Choice Fate::note(Fault fault, Choice choice) {
  ++counts_[static_cast<std::size_t>(fault)];
  ++faults_;
  return choice;
}

Fate::Misreading Fate::misread() {
  if (dead_ || relented_ || misread_ >= most_misread_ || misread_one_in_ == 0) return Misreading::None;
  if (rot_random_.between(0, misread_one_in_ - 1) != 0) return Misreading::None;
  ++misread_;
  const bool is_stale = rot_random_.between(0, 1) == 0;
  ++counts_[static_cast<std::size_t>(is_stale ? Fault::StaleRead : Fault::MisdirectedRead)];
  return is_stale ? Misreading::Stale : Misreading::Misdirected;
}

Fate::Choice Fate::choose(Deed deed) {
  ++deeds_;
  if (relented_) return Choice::Spare;
  if (draw(hostility_.slow)) {
    ++counts_[static_cast<std::size_t>(Fault::Slow)];
    clock_.advance(std::chrono::milliseconds(random_.between(1, 30'000)));
  }
  if (next_kill_ > 0 && deeds_ >= next_kill_ && deed != Deed::Read && kills_ < hostility_.most_kills) {
    ++kills_;
    switch (random_.between(0, 2)) {
      case 0:
        return note(Fault::KillBefore, Choice::KillBefore);
      case 1:
        return note(Fault::KillWithin, Choice::KillWithin);
      default:
        return note(Fault::KillAfter, Choice::KillAfter);
    }
  }
  const bool takes_room = deed == Deed::Write || deed == Deed::Name;
  if (takes_room && deeds_ < full_until_) return note(Fault::Full, Choice::Full);
  if (faults_ - kills_ >= hostility_.most_faults) return Choice::Spare;
  if (takes_room && draw(hostility_.full)) {
    full_until_ = deeds_ + random_.between(1, hostility_.deeds_while_full);
    return note(Fault::Full, Choice::Full);
  }
  switch (deed) {
    case Deed::Sync:
    case Deed::SyncNames:
      return draw(hostility_.failed_sync) ? note(Fault::FailedSync, Choice::Break) : Choice::Spare;
    case Deed::Read:
      return draw(hostility_.broken) ? note(Fault::BrokenRead, Choice::Break) : Choice::Spare;
    case Deed::Write:
      return draw(hostility_.broken) ? note(Fault::BrokenWrite, Choice::Break) : Choice::Spare;
    case Deed::Name:
      return draw(hostility_.broken) ? note(Fault::FailedName, Choice::Break) : Choice::Spare;
  }
  CHECK(!"a deed without a name");
}

}  // namespace tidemark::sim
