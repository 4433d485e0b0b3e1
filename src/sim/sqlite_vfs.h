// SQLite on a simulated computer: the VFS through which it reads, writes, syncs and locks.
//
// While one lives it is SQLite's default, so that SQLite's own chance (the salt of a write-ahead log) and time come from
// the seed, too. One at a time.
#pragma once

#include <memory>
#include <string>

#include "sim/computer.h"

namespace tidemark::sim {

class SqliteVfs {
 public:
  explicit SqliteVfs(Computer& computer);
  ~SqliteVfs();
  std::string name() const;

 private:
  struct Installed;
  std::unique_ptr<Installed> installed_;
};

}  // namespace tidemark::sim
