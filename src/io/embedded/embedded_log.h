// The embedded log: the Log of `tidemark run`, in one SQLite file that people can open with sqlite3.
//
//     DIR/log.db         a table for each topic, and what readers and feeds know (docs/log.md)
//     DIR/tidemark.pid   held locked while a process owns the directory
//
// Appends and commits are SQL transactions, fsynced before they return. Every call may come from any
// thread: writers wait for one another, readers never wait for a writer's fsync.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "run/interfaces/journal.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct EmbeddedLogOptions {
  std::string directory;       // made when it is missing
  Journal* journal = nullptr;  // is told when tables of an older version were upgraded
  // Asked when the log is made new: where its topics begin, so that no offset is given twice that somebody has seen
  // of a log before. None: at 0.
  std::function<Result<Position>()> first_offset;
  // Is given what tells damage where another program has written into log.db since, under its name and inode. Reads only;
  // from any thread while the log lives.
  std::function<Result<void>()>* check_file = nullptr;
  // To look at a log that another process may be writing: takes no lock, makes and upgrades nothing, and refuses
  // whatever writes. Each call sees what is durable by then.
  bool read_only = false;
  // The name of an SQLite VFS, for a simulation: then there is no directory, no lock, and nothing but this process.
  std::string vfs;
};

// Whether somebody began a log there: a start that was killed in its first moments leaves a file without tables.
Result<bool> has_log(const std::string& directory);

// A directory that another process owns, or whose log an unknown version wrote, is an error of the set-up.
Result<std::unique_ptr<Log>> open_embedded_log(const EmbeddedLogOptions& options);

}  // namespace tidemark
