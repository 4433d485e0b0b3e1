// The only file that includes sqlite3.h; it sorts SQLite's errors by who must act.
#include "io/embedded/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/wire/json.h"
#include "io/disk/cure.h"
#include "io/disk/plain_file.h"

namespace tidemark {
namespace {

// Whether files can be made beside the database: a WAL is read by the help of one.
bool lies_in_read_only_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return ::access(folder.empty() ? "." : folder.c_str(), W_OK) != 0 && (errno == EROFS || errno == EACCES);
}

bool has_wal(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path + "-wal", error);
  return !error && size > 0;
}

// "No space left on device; free some space there": of the system's last word, where SQLite knows it.
std::string told_by_system(int system_error, const std::string& otherwise) {
  if (system_error == 0) return otherwise;
  return fmt::format("{}; {}", std::strerror(system_error), cure_of(system_error));
}

// Of the last error; 0 when nobody knows. A failed COMMIT leaves it with the file alone.
int system_error_of(sqlite3* connection) {
  int error = sqlite3_system_errno(connection);
  sqlite3_file* wal = nullptr;
  if (error == 0 && sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK &&
      wal != nullptr && wal->pMethods != nullptr)
    wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error);
  if (error == 0) sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

Error error_of(sqlite3* connection, const std::string& file) {
  const int code = sqlite3_extended_errcode(connection), system_error = system_error_of(connection);
  const std::string reason = sqlite3_errmsg(connection);
  // After a failed fsync the kernel may have forgotten the pages: trying again would pretend, and what a close would copy
  // into the file might be garbage. The next start takes from the WAL what its checksums vouch for.
  if (code == SQLITE_IOERR_FSYNC) {
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return Error::permanent(fmt::format("{} could not be made durable (fsync failed)", file));
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Error::retryable(fmt::format("the disk that holds {} is full; {}", file, cure_of(ENOSPC)));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error::retryable(fmt::format("another program is writing to {}", file));
    case SQLITE_IOERR:
      return Error::retryable(fmt::format("cannot read or write {}: {}", file, told_by_system(system_error, reason)));
    case SQLITE_NOMEM:
      return Error::retryable(fmt::format("{}: out of memory", file));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Error::setup(fmt::format("cannot write {}: {}", file, reason));
    case SQLITE_CANTOPEN: {
      if (has_wal(file) && lies_in_read_only_folder(file))
        return Error::setup(
            fmt::format("cannot read {}: what is in its -wal can be read only where a file can be made beside "
                        "it; give this user the right to write there, or copy the folder to where it can "
                        "be written",
                        file));
      const std::string sentence = fmt::format("cannot open {}: {}", file, told_by_system(system_error, reason));
      return is_want_of_room(system_error) ? Error::retryable(sentence) : Error::setup(sentence);
    }
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return damaged_log(file, reason);
    default:
      return Error::permanent(fmt::format("{}: {}", file, reason));
  }
}

Error error_of(sqlite3* connection) {
  const char* path = sqlite3_db_filename(connection, "main");
  return error_of(connection, path != nullptr && *path != '\0' ? path : "the log");
}

// SQLite's own flag for it would refuse a link above the file, too, and a data directory may be one.
Result<void> refuse_links(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm", "-journal"})
    if (auto plain = refuse_symbolic_link(path + end); !plain) return plain;
  return {};
}

bool a_shell_can_show(std::string_view bytes) {
  return (bytes.empty() || std::memchr(bytes.data(), '\0', bytes.size()) == nullptr) && is_utf8(bytes);
}

}  // namespace

Error damaged_log(const std::string& path, std::string_view what) {
  return Error::permanent(
      fmt::format("{} is damaged: {}; keep a copy of it and of its -wal, then restore both from a backup, or move both "
                  "away: a new log begins behind what the lake holds",
                  path, what));
}

namespace {

// SQLite counts the memory that it takes, under a lock at each allocation. Nobody asks, and rows would pay for it.
void initialize() {
  [[maybe_unused]] static const bool once = [] {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return sqlite3_initialize() == SQLITE_OK;
  }();
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Connection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void Statement::note(int outcome) {
  if (bind_outcome_ == SQLITE_OK) bind_outcome_ = outcome;
}

void Statement::bind(int parameter, std::int64_t number) {
  note(sqlite3_bind_int64(statement_.get(), parameter, number));
}

void Statement::bind_null(int parameter) { note(sqlite3_bind_null(statement_.get(), parameter)); }

void Statement::bind(int parameter, std::string_view bytes) {
  if (a_shell_can_show(bytes)) return bind_text(parameter, bytes);
  note(sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(), SQLITE_STATIC));
}

void Statement::bind_text(int parameter, std::string_view text) {
  const char* begin = text.empty() ? "" : text.data();
  note(sqlite3_bind_text64(statement_.get(), parameter, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Result<bool> Statement::step() {
  if (bind_outcome_ != SQLITE_OK) return std::unexpected(error_of(sqlite3_db_handle(statement_.get())));
  const int outcome = sqlite3_step(statement_.get());
  if (outcome == SQLITE_ROW) return true;
  if (outcome == SQLITE_DONE) return false;
  return std::unexpected(error_of(sqlite3_db_handle(statement_.get())));
}

Result<void> Statement::run() {
  const Resetting resetting(*this);
  Result<bool> row = step();
  if (!row) return std::unexpected(row.error());
  CHECK(!*row);
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bind_outcome_ = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::bytes(int column) const {
  const auto* begin = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return begin == nullptr ? std::string_view() : std::string_view(begin, static_cast<std::size_t>(size));
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

Result<void> make_wal_durable(const std::string& path, const ConnectionOptions& options) {
  constexpr sqlite3_int64 piece = 64 * 1'024;  // SQLite writes less than 128 kB at once
  if (options.vfs.empty())
    if (auto plain = refuse_links(path); !plain) return plain;
  initialize();  // nothing is found before
  sqlite3_vfs* const vfs = sqlite3_vfs_find(options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (vfs == nullptr) return {};  // whoever opens the database will hear of it
  const std::unique_ptr<const char, void (*)(const char*)> name(
      sqlite3_create_filename(path.c_str(), (path + "-journal").c_str(), (path + "-wal").c_str(), 0, nullptr),
      [](const char* made) { sqlite3_free_filename(made); });
  if (!name) return std::unexpected(Error::permanent("out of memory"));
  const char* const wal = sqlite3_filename_wal(name.get());
  int exists = 0;
  int outcome = vfs->xAccess(vfs, wal, SQLITE_ACCESS_EXISTS, &exists);
  if (outcome == SQLITE_OK && exists == 0) return {};

  std::vector<std::max_align_t> memory(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
  auto* const file = reinterpret_cast<sqlite3_file*>(memory.data());
  if (outcome == SQLITE_OK) outcome = vfs->xOpen(vfs, wal, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, nullptr);
  if (outcome == SQLITE_OK) {
    sqlite3_int64 size = 0;
    outcome = file->pMethods->xFileSize(file, &size);
    std::vector<char> bytes(static_cast<std::size_t>(std::min(piece, size)));
    for (sqlite3_int64 done = 0; outcome == SQLITE_OK && done < size; done += piece) {
      const int length = static_cast<int>(std::min(piece, size - done));
      outcome = file->pMethods->xRead(file, bytes.data(), length, done);
      if (outcome == SQLITE_OK) outcome = file->pMethods->xWrite(file, bytes.data(), length, done);
    }
    if (outcome == SQLITE_OK && size > 0) outcome = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
    file->pMethods->xClose(file);
  }
  if (outcome == SQLITE_OK) return {};
  return std::unexpected(
      Error::setup(fmt::format("cannot make {}-wal durable: {}; check that disk", path, sqlite3_errstr(outcome))));
}

namespace {

// Where there is no WAL, nobody has the database open, and everything is in the one file: in a folder that cannot be
// written it can be read as one that never changes, and only so.
bool must_be_read_alone(const std::string& path) { return lies_in_read_only_folder(path) && !has_wal(path); }

// As SQLite takes it, with what a URI would misread written as numbers.
std::string as_uri(const std::string& path, std::string_view parameters) {
  std::string uri = "file:";
  for (const char c : path)
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02x}", c);
    else
      uri += c;
  return fmt::format("{}?{}", uri, parameters);
}

// A log has a rollback journal only in the moment in which its first start turns to write-ahead logging. A process that is killed
// then leaves the journal, and only a writer could play it back. There are no tables yet, so nothing of it is needed.
bool is_being_made(const std::string& path) { return ::access((path + "-journal").c_str(), F_OK) == 0; }

}  // namespace

Result<Connection> Connection::open(const std::string& path, const ConnectionOptions& options) {
  if (options.vfs.empty()) {
    if (auto plain = refuse_links(path); !plain) return std::unexpected(plain.error());
    // SQLite would make it with the umask's rights, and gives those of the file to its -wal and -shm.
    if (!options.read_only)
      if (auto made = make_private_file(path); !made) return std::unexpected(made.error());
  }
  initialize();
  sqlite3* raw = nullptr;
  const bool is_alone = options.read_only && options.vfs.empty() && (must_be_read_alone(path) || is_being_made(path));
  const std::string name = is_alone ? as_uri(path, "immutable=1") : path;
  const int access = options.read_only ? SQLITE_OPEN_READONLY | (is_alone ? SQLITE_OPEN_URI : 0)
                                       : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int outcome = sqlite3_open_v2(name.c_str(), &raw, access | SQLITE_OPEN_NOMUTEX,
                                      options.vfs.empty() ? nullptr : options.vfs.c_str());
  Connection connection(raw);
  if (raw == nullptr) return std::unexpected(Error::retryable(fmt::format("cannot open {}: out of memory", path)));
  if (outcome != SQLITE_OK) return std::unexpected(error_of(raw, path));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 5'000);  // milliseconds; only a person's sqlite3 shell can be in the way
  return connection;
}

Result<void> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return std::unexpected(error_of(connection_.get()));
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int outcome = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (outcome != SQLITE_OK) return std::unexpected(error_of(connection_.get()));
  return Statement(raw);
}

namespace {

// The steps of a copy tell neither connection of their errors.
Error copy_error(int outcome) {
  if ((outcome & 0xff) == SQLITE_FULL) return Error::retryable(fmt::format("the disk is full; {}", cure_of(ENOSPC)));
  return Error::retryable(sqlite3_errstr(outcome));
}

}  // namespace

Result<void> Connection::copy_to(Connection& target, const std::function<bool(int done, int all)>& watch) {
  constexpr int pages_at_once = 256;
  struct Finish {
    void operator()(sqlite3_backup* copying) const { sqlite3_backup_finish(copying); }
  };
  // One read for all steps: without it, each would see another moment, and whoever writes would begin it anew.
  if (auto begun = execute("BEGIN; SELECT count(*) FROM sqlite_schema;"); !begun) return begun;
  Result<void> outcome;
  {
    const std::unique_ptr<sqlite3_backup, Finish> copying(
        sqlite3_backup_init(target.connection_.get(), "main", connection_.get(), "main"));
    if (!copying) outcome = std::unexpected(error_of(target.connection_.get()));
    for (int step = SQLITE_OK; outcome && step != SQLITE_DONE;) {
      step = sqlite3_backup_step(copying.get(), pages_at_once);
      const int all = sqlite3_backup_pagecount(copying.get()), left = sqlite3_backup_remaining(copying.get());
      if (step != SQLITE_OK && step != SQLITE_DONE) {
        outcome = std::unexpected(copy_error(step));
      } else if (!watch(all - left, all)) {
        outcome = std::unexpected(Error::permanent("interrupted"));
      }
    }
  }
  if (auto ended = execute("COMMIT"); outcome && !ended) return ended;
  return outcome;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

void Connection::take_over_checkpoints(int& pages_in_wal) {
  const auto count = [](void* into, sqlite3*, const char*, int pages) {
    *static_cast<int*>(into) = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.get(), count, &pages_in_wal);  // in the place of SQLite's own
}

Result<void> Connection::checkpoint() {
  const int outcome =
      sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (outcome == SQLITE_OK || (outcome & 0xff) == SQLITE_BUSY) return {};
  return std::unexpected(error_of(connection_.get()));
}

Result<void> Connection::read_file(std::span<char> bytes, std::int64_t offset) {
  sqlite3_file* file = nullptr;
  int outcome = sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (outcome == SQLITE_OK) outcome = file->pMethods->xRead(file, bytes.data(), static_cast<int>(bytes.size()), offset);
  if (outcome == SQLITE_OK || outcome == SQLITE_IOERR_SHORT_READ) return {};
  return std::unexpected(Error::retryable(
      fmt::format("cannot read {}: {}", sqlite3_db_filename(connection_.get(), "main"), sqlite3_errstr(outcome))));
}

void Connection::keep_wal_at_close() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Preparing::into(std::optional<Statement>& place, std::string_view sql) {
  if (auto statement = prepare(sql)) place = std::move(*statement);
}

void Preparing::into(std::vector<Statement>& places, std::string_view sql) {
  if (auto statement = prepare(sql)) places.push_back(std::move(*statement));
}

std::optional<Statement> Preparing::prepare(std::string_view sql) {
  if (!outcome_) return std::nullopt;
  Result<Statement> statement = connection_.prepare(sql);
  if (statement) return std::move(*statement);
  outcome_ = std::unexpected(statement.error());
  return std::nullopt;
}

}  // namespace tidemark
