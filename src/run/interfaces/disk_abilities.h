// What a disk can do beyond what every disk must, as data with the reasons. Callers ask before they rely on it.
//
//     ability    a POSIX disk   HDFS                    an object store
//     Rename     yes            yes                     no: a file is shown by ending its upload
//     Exchange   yes            no                      no
//     Link       yes            no                      no
//     Lock       yes            yes: on this machine    yes: on this machine
//
// No disk has to append to a file that was closed: nothing here does that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidemark {

enum class DiskAbility : std::uint8_t {
  Rename,    // a file or a folder gets another name in one step; a file that had the name is replaced
  Exchange,  // two folders exchange their names in one step
  Link,      // a file gets a second name
  Lock,      // a path has one holder at a time, and none once the holder's process has ended
};
inline constexpr std::size_t disk_ability_count = 4;
std::string_view to_string(DiskAbility ability);  // "rename files": what the disk cannot do

// When a file that is being written can be seen under its name, by list() and by open().
enum class FileAppears : std::uint8_t {
  WhenCreated,   // with the bytes that it has so far
  BeforeSynced,  // at some time before sync() returns; destroyed without sync() it may stay, with some of its bytes
  WhenSynced,    // whole, or never: destroyed without sync() it leaves nothing
};

struct DiskAbilities {
  // Why the disk lacks the ability, as a clause: "HDFS has no second names". Empty: it has it.
  std::array<std::string_view, disk_ability_count> lacks{};
  FileAppears file_appears = FileAppears::WhenCreated;

  constexpr std::string_view why_not(DiskAbility ability) const { return lacks[static_cast<std::size_t>(ability)]; }
  constexpr bool can(DiskAbility ability) const { return why_not(ability).empty(); }
  constexpr DiskAbilities without(DiskAbility ability, std::string_view reason) const {
    DiskAbilities fewer = *this;
    fewer.lacks[static_cast<std::size_t>(ability)] = reason;
    return fewer;
  }
};

}  // namespace tidemark
