// Fate: decides at every deed on the disk whether the world lets it happen.
//
// A deed may take long or fail (full, broken, not durable), or the process may be killed before it, in its middle, or right
// after. Who is dead is refused everything: so the program comes down by its own errors, through SQLite's frames too, and
// what it still tries on its way changes nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/simulator/random.h"
#include "sim/sim_clock.h"

namespace tidemark::sim {

enum class Deed : std::uint8_t { Read, Write, Sync, Name, SyncNames };

enum class Fault : std::uint8_t {
  Slow,
  Full,
  BrokenRead,
  BrokenWrite,
  FailedSync,
  FailedName,
  KillBefore,
  KillWithin,
  KillAfter,
  MisdirectedRead,
  StaleRead
};
inline constexpr std::size_t fault_count = 11;
std::string_view to_string(Fault fault);

// How hostile one world is: one in so many deeds; 0 is never.
struct Hostility {
  std::int64_t kill = 0, slow = 0, full = 0, broken = 0, failed_sync = 0;
  std::int64_t most_faults = 0, most_kills = 0;
  std::int64_t deeds_while_full = 1;
};

class Fate {
 public:
  enum class Outcome : std::uint8_t { Done, Full, Broken, NotSynced, Dead };

  // A slow deed makes time go by on the clock.
  Fate(std::uint64_t seed, const Hostility& hostility, SimClock& clock)
      : random_(seed), rot_random_(seed ^ 0x726f74), hostility_(hostility), clock_(clock) {
    aim();
  }

  // `act` is told how much of a write is to be done, in thousandths; of other deeds all.
  template <typename PostHandler>
  Outcome strike(Deed deed, PostHandler act) {
    if (dead_) return Outcome::Dead;
    switch (choose(deed)) {
      case Choice::Spare:
        act(1'000);
        return Outcome::Done;
      case Choice::Full:
        if (deed == Deed::Write) act(random_.between(0, 999));
        return Outcome::Full;
      case Choice::Break:
        return deed == Deed::Sync || deed == Deed::SyncNames ? Outcome::NotSynced : Outcome::Broken;
      case Choice::KillBefore:
        break;
      case Choice::KillWithin:
        if (deed == Deed::Write) act(random_.between(0, 999));
        break;
      case Choice::KillAfter:
        act(1'000);
        break;
    }
    dead_ = true;
    return Outcome::Dead;
  }

  bool is_dead() const { return dead_; }
  void die() { dead_ = true; }  // between two deeds
  void revive();
  void relent() { relented_ = true; }  // from here on the world is kind
  Random& random() { return random_; }

  // Whether this read gives bytes of another place, or older ones. Decided apart, so that a world without is the same world.
  enum class Misreading : std::uint8_t { None, Misdirected, Stale };
  Misreading misread();
  void rot(std::int64_t one_in, std::int64_t most) {
    misread_one_in_ = one_in;
    most_misread_ = most;
  }
  Random& rot_random() { return rot_random_; }

  bool has_struck() const { return faults_ > 0; }
  std::int64_t deeds() const { return deeds_; }
  std::int64_t kills() const { return kills_; }
  const std::array<std::int64_t, fault_count>& faults() const { return counts_; }

 private:
  enum class Choice : std::uint8_t { Spare, Full, Break, KillBefore, KillWithin, KillAfter };

  Choice choose(Deed deed);
  bool draw(std::int64_t one_in) { return one_in > 0 && random_.between(0, one_in - 1) == 0; }
  Choice note(Fault fault, Choice choice);
  void aim();

  Random random_, rot_random_;
  Hostility hostility_;
  SimClock& clock_;
  bool dead_ = false, relented_ = false;
  std::int64_t deeds_ = 0, faults_ = 0, kills_ = 0, next_kill_ = 0, full_until_ = 0;
  std::int64_t misread_ = 0, misread_one_in_ = 0, most_misread_ = 0;
  std::array<std::int64_t, fault_count> counts_{};
};

}  // namespace tidemark::sim
