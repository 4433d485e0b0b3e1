#include "io/disk/directory_watch.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <utility>

namespace tidemark {
namespace {

enum File : std::size_t { Folder, Log, Wal, Shm, Pid };
constexpr std::array<std::string_view, 5> ends{"", "/log.db", "/log.db-wal", "/log.db-shm", "/tidemark.pid"};

using Then = DirectoryTrouble::Then;

}  // namespace

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{.device = status.st_dev, .number = status.st_ino};
}

void DirectoryWatch::begin() {
  for (std::size_t file = 0; file < ends.size(); ++file)
    known_[file] = identity_of(fmt::format("{}{}", directory_, ends[file]));
}

// A file that was missing at the beginning is remembered when it is first seen.
DirectoryWatch::Change DirectoryWatch::change_of(std::size_t file) {
  const auto now = identity_of(fmt::format("{}{}", directory_, ends[file]));
  if (!known_[file]) known_[file] = now;
  if (now == known_[file]) return Change::None;
  return now ? Change::Replaced : Change::Gone;
}

std::optional<DirectoryTrouble> DirectoryWatch::look() {
  const auto trouble = [&](Then then, std::string_view sentence) {
    return DirectoryTrouble{.sentence = fmt::format(fmt::runtime(sentence), directory_), .then = then};
  };
  if (change_of(Folder) != Change::None)
    return trouble(
        Then::End,
        "the data directory {0} was removed or renamed while this process works on it; bring it back under its "
        "name, and start again");
  if (files_ == Files::None) return std::nullopt;
  if (const Change log = change_of(Log); log == Change::Gone)
    return trouble(
        Then::Publish,
        "{0}/log.db was removed or renamed while this process works on it, and what it writes would be lost; "
        "if it was renamed, bring it back beside its -wal; else restore a backup, or move log.db-wal away: a "
        "new log begins behind what the lake holds");
  else if (log == Change::Replaced)
    return trouble(Then::End,
                   "{0}/log.db was replaced by another file while this process works on it; log.db-wal and log.db-shm "
                   "belong to the one before: move them away before the next start, or bring that one back");
  for (const File file : {Wal, Shm})
    if (change_of(file) != Change::None)
      return DirectoryTrouble{
          .sentence = fmt::format(
              "{}{} was removed or replaced while this process works on it, and a kill would lose what it holds; an "
              "orderly end writes that into log.db: start again",
              directory_, ends[file]),
          .then = Then::Publish};
  if (change_of(Pid) != Change::None)
    return trouble(
        Then::GoOn,
        "{0}/tidemark.pid was removed or replaced: programs of an older version would take the directory for "
        "free; start this process again");
  return std::nullopt;
}

}  // namespace tidemark
