// SQLite as values: a connection and its prepared statements, with errors as sentences.
//
// Not for two threads at once; who owns a connection guards it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tidemark {

// What is in the file cannot be what was written to it.
Error damaged_log(const std::string& path, std::string_view what);

class Statement {
 public:
  // Parameters are numbered from 1. Bytes are not copied: they must live until reset().
  void bind(int parameter, std::int64_t number);
  void bind_null(int parameter);
  // As TEXT where a shell can show it (UTF-8 without NUL), else as BLOB: the bytes come back as they were.
  void bind(int parameter, std::string_view bytes);
  // For bytes that are known to be UTF-8 without NUL.
  void bind_text(int parameter, std::string_view text);

  Result<bool> step();  // true: a row is there
  // Runs a statement that gives no row, and resets it.
  Result<void> run();
  // Ends the statement, and with it the read it holds open.
  void reset();

  // Columns of the row, numbered from 0. Bytes live until the next step or reset.
  std::int64_t integer(int column) const;
  std::string_view bytes(int column) const;
  bool is_null(int column) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void note(int outcome);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_outcome_ = 0;  // of the first bind that failed since the last reset
};

// Resets a statement when the scope ends, so that no early return leaves a read open.
class Resetting {
 public:
  explicit Resetting(Statement& statement) : statement_(statement) {}
  Resetting(const Resetting&) = delete;
  Resetting& operator=(const Resetting&) = delete;
  ~Resetting() { statement_.reset(); }

 private:
  Statement& statement_;
};

struct ConnectionOptions {
  std::string vfs;         // the name of the SQLite VFS to use; empty: the real disk
  bool read_only = false;  // else the file is made when it is missing
};

// Writes the WAL that a process left behind once more, and syncs it. After a failed fsync the kernel shows bytes that
// are not on the disk and takes them for clean, so that no later sync would bring them there: whatever the next
// process read of them, and built upon, would be lost with the power. Before anybody has the database open.
Result<void> make_wal_durable(const std::string& path, const ConnectionOptions& options);

class Connection {
 public:
  static Result<Connection> open(const std::string& path, const ConnectionOptions& options = {});

  Result<void> execute(const std::string& sql);  // one statement or several
  Result<Statement> prepare(std::string_view sql);
  bool in_transaction() const;

  // From now on each commit says how many pages the WAL holds, and nobody but checkpoint() writes them into the file:
  // SQLite's own checkpoints tell nobody when they fail.
  void take_over_checkpoints(int& pages_in_wal);
  // As far as readers let it; what is left is for the next one.
  Result<void> checkpoint();

  // What stands in the file itself, past the cache and the WAL; zeros behind its end.
  Result<void> read_file(std::span<char> bytes, std::int64_t offset);
  // The last connection that closes leaves the WAL as it is, and writes nothing into the file.
  void keep_wal_at_close();

  // Makes `target` the database that this one is now, while others go on writing. Told how many pages are done, and of
  // how many; false ends it, and leaves nothing that is whole.
  Result<void> copy_to(Connection& target, const std::function<bool(int done, int all)>& watch);

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Connection(sqlite3* connection) : connection_(connection) {}
  std::unique_ptr<sqlite3, Close> connection_;
};

// Prepares statements until the first that fails; that error is kept.
class Preparing {
 public:
  explicit Preparing(Connection& connection) : connection_(connection) {}

  void into(std::optional<Statement>& place, std::string_view sql);
  void into(std::vector<Statement>& places, std::string_view sql);
  Result<void> outcome() const { return outcome_; }

 private:
  std::optional<Statement> prepare(std::string_view sql);

  Connection& connection_;
  Result<void> outcome_;
};

}  // namespace tidemark
