// The embedded log keeps the promises of every log, and its own: one owner, a known version, readable tables.
#include "io/embedded/embedded_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "io/disk/temporary_folder_test.h"
#include "run/interfaces/log_conformance_test.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  std::string path() const { return own_.path().string(); }

 private:
  const TemporaryFolder own_;
};

std::unique_ptr<Log> must_open(const std::string& directory) {
  auto log = open_embedded_log({.directory = directory});
  if (!log) throw std::runtime_error(log.error().message());
  return std::move(*log);
}

class EmbeddedLogUnderTest : public LogUnderTest {
 public:
  Log& log() override { return *log_; }
  void reopen() override {
    log_.reset();
    log_ = must_open(folder_.path());
  }

 private:
  Folder folder_;
  std::unique_ptr<Log> log_ = must_open(folder_.path());
};

INSTANTIATE_TEST_SUITE_P(Embedded, LogConformance,
                         testing::Values(MakeLogUnderTest([] { return std::make_unique<EmbeddedLogUnderTest>(); })));

// Runs SQL as a person's shell does, and gives all cells with | between and a line for each row.
std::string shell(const std::string& directory, const std::string& sql) {
  sqlite3* connection = nullptr;
  std::string out;
  EXPECT_EQ(sqlite3_open((directory + "/log.db").c_str(), &connection), SQLITE_OK);
  char* error = nullptr;
  const auto row = [](void* into, int count, char** cells, char**) {
    auto& text = *static_cast<std::string*>(into);
    for (int cell = 0; cell < count; ++cell) {
      if (cell > 0) text += '|';
      text += cells[cell] != nullptr ? cells[cell] : "";
    }
    text += '\n';
    return 0;
  };
  if (sqlite3_exec(connection, sql.c_str(), row, &out, &error) != SQLITE_OK) out += error;
  sqlite3_free(error);
  sqlite3_close(connection);
  return out;
}

std::vector<Record> pair_of_bars(int number) {
  const std::string value = "{\"n\":" + std::to_string(number) + "}";
  return {{.key = "A", .value = value}, {.key = "B", .value = value}};
}

// Appends and commits as fast as it can until it is killed; the cursor and the state say how often. Tells the
// parent once it has begun.
[[noreturn]] void write_until_killed(const std::string& directory, int tell) {
  auto log = must_open(directory);
  for (int number = std::stoi(log->cursor("feed").value().value_or("0"));; ++number) {
    if (!log->append(pair_of_bars(number), "feed", std::to_string(number + 1))) _exit(1);
    if (!log->commit({.reader = "analyze",
                      .positions = {{Topic::Bars, 2 * number + 2}},
                      .outputs = {{Topic::Trends, {.key = "A", .value = std::to_string(number)}}},
                      .state = std::to_string(number + 1)}))
      _exit(1);
    if (write(tell, "x", 1) < 0 && errno != EAGAIN) _exit(1);
  }
}

TEST(EmbeddedLog, KilledAtAnyMomentItHoldsWholeStepsOnly) {
  const Folder folder;
  int most = 0;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(folder.path(), ends[1]);
    if (round % 2 == 1) {  // the other rounds may hit it while it opens
      pollfd begun{.fd = ends[0], .events = POLLIN, .revents = 0};
      ASSERT_EQ(poll(&begun, 1, 60'000), 1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(7 * round));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
    close(ends[0]);
    close(ends[1]);

    const auto log = must_open(folder.path());
    const int appended = std::stoi(log->cursor("feed").value().value_or("0"));
    ASSERT_EQ(log->end(Topic::Bars).value(), 2 * appended);
    const Batch bars = log->tail(Topic::Bars, 2).value();
    for (std::size_t index = 0; index < bars.size(); ++index)
      ASSERT_EQ(bars[index].value, "{\"n\":" + std::to_string(appended - 1) + "}");
    const ReaderState state = log->restore("analyze").value();
    const int committed = std::stoi(state.state.value_or("0"));
    ASSERT_EQ(state.position(Topic::Bars), 2 * committed);
    ASSERT_EQ(log->end(Topic::Trends).value() > 0, committed > 0);
    ASSERT_LE(committed, appended);
    ASSERT_GE(appended, most) << "something durable was lost";
    most = appended;
  }
  EXPECT_GT(most, 0) << "the writer never came to write";
}

TEST(EmbeddedLog, ASecondProcessIsRefusedWithThePidOfTheFirst) {
  const Folder folder;
  const auto log = must_open(folder.path());
  const auto second = open_embedded_log({.directory = folder.path()});
  ASSERT_FALSE(second);
  EXPECT_TRUE(second.error().is_setup());
  EXPECT_NE(second.error().message().find("in use by process " + std::to_string(getpid()) + ";"), std::string::npos)
      << second.error().message();
}

TEST(EmbeddedLog, MakesItsDirectoryAndLeavesItWhenClosed) {
  const Folder folder;
  const std::string deep = folder.path() + "/a/b";
  must_open(deep);
  must_open(deep);
  EXPECT_TRUE(fs::exists(deep + "/log.db"));
}

TEST(EmbeddedLog, RefusesTheTablesOfAnotherVersion) {
  const Folder folder;
  must_open(folder.path());
  shell(folder.path(), "UPDATE meta SET value = '99' WHERE key = 'schema_version'");
  const auto log = open_embedded_log({.directory = folder.path()});
  ASSERT_FALSE(log);
  EXPECT_TRUE(log.error().is_setup());
  EXPECT_NE(log.error().message().find("has version 99 of the tables"), std::string::npos) << log.error().message();
}

TEST(EmbeddedLog, AnotherProcessMayLookAtItWhileItIsWritten) {
  const Folder folder;
  const auto owner = must_open(folder.path());
  ASSERT_TRUE(owner->append(pair_of_bars(0), "feed", "1"));
  const auto look = open_embedded_log({.directory = folder.path(), .read_only = true});
  ASSERT_TRUE(look) << look.error().message();
  EXPECT_EQ((*look)->end(Topic::Bars).value(), 2);
  ASSERT_TRUE(owner->append(pair_of_bars(1), "feed", "2"));
  ASSERT_TRUE(owner->commit({.reader = "analyze", .positions = {{Topic::Bars, 4}}, .state = "s"}));
  ASSERT_EQ(owner->trim(Topic::Bars, 1).value(), 1);
  EXPECT_EQ((*look)->begin(Topic::Bars).value(), 1);
  EXPECT_EQ((*look)->end(Topic::Bars).value(), 4);
  EXPECT_EQ((*look)->poll(Topic::Bars, 0, 10).value().size(), 3U);
  EXPECT_EQ((*look)->tail(Topic::Bars, 2).value()[0].position, 2);
  EXPECT_EQ((*look)->cursor("feed").value(), "2");
  EXPECT_EQ((*look)->restore("analyze").value().state, "s");
  EXPECT_GT((*look)->bytes().value(), 0U);

  EXPECT_FALSE((*look)->append(pair_of_bars(2), "feed", "3"));
  EXPECT_FALSE((*look)->commit({.reader = "store"}));
  EXPECT_FALSE((*look)->trim(Topic::Bars, 4));
  EXPECT_EQ(owner->end(Topic::Bars).value(), 4);
}

TEST(EmbeddedLog, WhoOnlyLooksMakesNothing) {
  const Folder folder;
  const auto none = open_embedded_log({.directory = folder.path(), .read_only = true});
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().is_setup());
  EXPECT_NE(none.error().message().find("`tidemark run` makes a log"), std::string::npos) << none.error().message();
  EXPECT_TRUE(fs::is_empty(folder.path()));

  must_open(folder.path());
  shell(folder.path(), "UPDATE meta SET value = '2' WHERE key = 'schema_version'");
  const auto old = open_embedded_log({.directory = folder.path(), .read_only = true});
  ASSERT_FALSE(old);
  EXPECT_TRUE(old.error().is_setup());
  EXPECT_NE(old.error().message().find("`tidemark run` upgrades it"), std::string::npos) << old.error().message();
  EXPECT_EQ(shell(folder.path(), "SELECT value FROM meta WHERE key = 'schema_version'"), "2\n");
}

TEST(EmbeddedLog, IsThereOnceItsTablesAre) {
  const Folder folder;
  EXPECT_FALSE(has_log(folder.path()).value());
  shell(folder.path(), "PRAGMA journal_mode = WAL");  // as far as a start came that was killed
  EXPECT_FALSE(has_log(folder.path()).value());
  must_open(folder.path());
  EXPECT_TRUE(has_log(folder.path()).value());
}

TEST(EmbeddedLog, RunsOnAnotherVfsWithoutALock) {
  const Folder folder;
  EmbeddedLogOptions options{.directory = folder.path(), .vfs = "unix-excl"};
  {
    const auto log = open_embedded_log(options);
    ASSERT_TRUE(log) << log.error().message();
    ASSERT_TRUE((*log)->append(pair_of_bars(0), "feed", "1"));
    EXPECT_EQ((*log)->poll(Topic::Bars, 0, 10).value().size(), 2U);
  }
  EXPECT_FALSE(fs::exists(folder.path() + "/tidemark.pid"));
  options.vfs = "no such thing";
  const auto unknown = open_embedded_log(options);
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message().find("no such vfs"), std::string::npos) << unknown.error().message();
}

TEST(EmbeddedLog, RefusesWhatIsNoLog) {
  const Folder folder;
  shell(folder.path(), "CREATE TABLE something (x)");
  const auto other = open_embedded_log({.directory = folder.path()});
  ASSERT_FALSE(other);
  EXPECT_TRUE(other.error().is_setup());

  fs::remove(folder.path() + "/log.db");
  std::ofstream(folder.path() + "/log.db") << std::string(10'000, 'x');
  const auto no_database = open_embedded_log({.directory = folder.path()});
  ASSERT_FALSE(no_database);
  EXPECT_FALSE(no_database.error().is_retryable());
  EXPECT_NE(no_database.error().message().find("/log.db is damaged: file is not a database"), std::string::npos)
      << no_database.error().message();
}

TEST(EmbeddedLog, TellsDamageWhenItMeetsIt) {
  const Folder folder;
  const std::vector<Record> many(10'000, Record{.key = "A", .value = std::string(200, 'x')});
  ASSERT_TRUE(must_open(folder.path())->append(many, "feed", "1"));
  std::fstream file(folder.path() + "/log.db", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(1'000'000) << std::string(100'000, '\xff');
  file.close();
  const auto log = must_open(folder.path());
  const Result<Batch> batch = log->poll(Topic::Bars, 0, 10'000);
  ASSERT_FALSE(batch);
  EXPECT_FALSE(batch.error().is_retryable());
  EXPECT_NE(batch.error().message().find("/log.db is damaged: "), std::string::npos) << batch.error().message();
}

// A VFS as the real one, but its syncs of the database itself, which only checkpoints do, fail when they are told to.
class DyingDisk {
 public:
  DyingDisk() {
    vfs_ = *sqlite3_vfs_find(nullptr);
    vfs_.zName = "dying disk";
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 0);
  }
  DyingDisk(const DyingDisk&) = delete;
  DyingDisk& operator=(const DyingDisk&) = delete;
  ~DyingDisk() { sqlite3_vfs_unregister(&vfs_); }
  const char* name() const { return vfs_.zName; }
  static inline int outcome = SQLITE_OK;  // of such a sync

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
    const int opened = real->xOpen(real, name, file, flags, flags_out);
    if (opened != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return opened;
    methods_ = *file->pMethods;
    sync_ = methods_.xSync;
    methods_.xSync = [](sqlite3_file* it, int how) { return outcome != SQLITE_OK ? outcome : sync_(it, how); };
    file->pMethods = &methods_;
    return opened;
  }

  static inline sqlite3_io_methods methods_;
  static inline int (*sync_)(sqlite3_file*, int) = nullptr;
  sqlite3_vfs vfs_;
};

TEST(EmbeddedLog, ACheckpointThatFailsIsToldByTheNextWrite) {
  const Folder folder;
  const DyingDisk disk;
  const std::vector<Record> much(300, Record{.key = "A", .value = std::string(65'000, 'x')});  // more than a checkpoint
  {
    auto log = open_embedded_log({.directory = folder.path(), .vfs = disk.name()});
    ASSERT_TRUE(log) << log.error().message();
    DyingDisk::outcome = SQLITE_IOERR_WRITE;
    EXPECT_TRUE((*log)->append(much, "feed", "1")) << "it is durable, whatever comes of the checkpoint";
    const auto told = (*log)->append({}, "feed", "2");
    ASSERT_FALSE(told);
    EXPECT_TRUE(told.error().is_retryable());
    DyingDisk::outcome = SQLITE_OK;
    EXPECT_TRUE((*log)->append({}, "feed", "2"));
    EXPECT_TRUE((*log)->append({}, "feed", "3")) << "and that was all";

    DyingDisk::outcome = SQLITE_IOERR_FSYNC;
    EXPECT_TRUE((*log)->append(much, "feed", "4"));
    for (int times = 0; times < 2; ++times) {
      const auto refused = (*log)->append({}, "feed", "5");
      ASSERT_FALSE(refused);
      EXPECT_FALSE(refused.error().is_retryable());
      EXPECT_NE(refused.error().message().find("could not be made durable (fsync failed)"), std::string::npos)
          << refused.error().message();
    }
    DyingDisk::outcome = SQLITE_OK;
    EXPECT_FALSE((*log)->commit({.reader = "analyze"})) << "nobody knows what the disk holds";
  }
  EXPECT_EQ(must_open(folder.path())->end(Topic::Bars).value(), 600);
  EXPECT_EQ(must_open(folder.path())->cursor("feed").value(), "4");
}

TEST(EmbeddedLog, AWalWhoseFileIsGoneIsNotThrownAway) {
  const Folder folder;
  const std::string path = folder.path() + "/log.db";
  {
    const auto log = must_open(folder.path());
    ASSERT_TRUE(log->append(pair_of_bars(0), "feed", "1"));
    fs::copy_file(path + "-wal", path + ".kept");
  }
  fs::rename(path + ".kept", path + "-wal");
  for (const bool is_empty : {false, true}) {
    fs::remove(path);
    if (is_empty) std::ofstream(path).flush();
    const auto log = open_embedded_log({.directory = folder.path()});
    ASSERT_FALSE(log);
    EXPECT_TRUE(log.error().is_setup());
    EXPECT_NE(log.error().message().find(is_empty ? "is empty" : "is missing"), std::string::npos);
    EXPECT_GT(fs::file_size(path + "-wal"), 0U);
  }
}

TEST(EmbeddedLog, ADirectoryThatCannotBeMadeIsAnErrorOfTheSetUp) {
  const Folder folder;
  std::ofstream(folder.path() + "/file") << "x";
  const auto log = open_embedded_log({.directory = folder.path() + "/file/data"});
  ASSERT_FALSE(log);
  EXPECT_TRUE(log.error().is_setup());
}

// In a child, whose files may not grow any more: each write fails as on a full disk, and nothing is half done.
TEST(EmbeddedLog, ADiskThatTakesNoMoreIsRetryableAndLosesNothing) {
  const Folder folder;
  const pid_t child = fork();
  if (child == 0) {
    const auto log = must_open(folder.path());
    if (!log->append(pair_of_bars(0), "feed", "1")) _exit(1);
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 200'000;
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::vector<Record> many(10'000, Record{.key = "A", .value = std::string(100, 'x')});
    const Result<void> refused = log->append(many, "feed", "2");
    if (refused || !refused.error().is_retryable()) _exit(2);
    if (log->end(Topic::Bars).value() != 2 || log->cursor("feed").value() != "1") _exit(3);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!log->append(pair_of_bars(1), "feed", "2")) _exit(4);
    if (log->poll(Topic::Bars, 0, 10).value().size() != 4) _exit(5);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(EmbeddedLog, KeepsTheLengthOfARecordThatWasTooLong) {
  const Folder folder;
  const std::vector<Record> records = {{.value = "the beginning", .bytes_in_all = 5'000'000'000}, {.value = "whole"}};
  ASSERT_TRUE(must_open(folder.path())->append(records, "feed", "2"));
  const Batch batch = must_open(folder.path())->poll(Topic::Bars, 0, 10).value();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch[0].bytes_in_all, 5'000'000'000U);
  EXPECT_EQ(batch[1].bytes_in_all, 0U);
}

// What is measured in ./dev bench checksums: a transaction writes the pages of its rows, and none for the log's summary.
TEST(EmbeddedLog, ASmallTransactionWritesTheTwoPagesOfItsRows) {
  constexpr std::uintmax_t frame = 24 + 16'384;
  const Folder folder;
  const auto log = must_open(folder.path());
  const auto pages_of = [&](auto write) {
    const auto before = fs::file_size(folder.path() + "/log.db-wal");
    EXPECT_TRUE(write());
    return (fs::file_size(folder.path() + "/log.db-wal") - before) / frame;
  };
  for (const char* const cursor : {"1", "2", "3"}) {
    const std::vector<Record> bars{{.key = "A", .value = "{}"}};
    const Position next = log->end(Topic::Bars).value() + 1;
    const auto append = [&] { return log->append(bars, "feed", cursor).has_value(); };
    const auto commit = [&] {
      return log
          ->commit({.reader = "analyze", .positions = {{Topic::Bars, next}}, .outputs = {{Topic::Trends, bars[0]}}})
          .has_value();
    };
    EXPECT_EQ(pages_of(append), next == 1 ? 3U : 2U);  // the first row of a feed is written into an index, too
    EXPECT_EQ(pages_of(commit), 2U);
  }
}

TEST(EmbeddedLog, APersonCanReadItInTheShell) {
  const Folder folder;
  const auto log = must_open(folder.path());
  const EventTime noon = event_time_from_nanos(1'732'276'800'000'000'000);
  const std::vector<Record> arrivals = {{.key = "AAPL", .value = R"({"symbol":"AAPL"})", .ingested_at = noon},
                                        {.value = "\xff", .ingested_at = noon},
                                        {.kind = RecordKind::Heartbeat, .time = noon, .ingested_at = noon}};
  ASSERT_TRUE(log->append(arrivals, "simulator", "sim1"));
  ASSERT_TRUE(log->commit(
      {.reader = "analyze",
       .positions = {{Topic::Bars, 2}},
       .outputs = {
           {Topic::Trends,
            {.key = "AAPL", .value = R"({"symbol":"AAPL","window_end":"2024-11-22 12:00:00","avg_close":175.3000})"}},
           {Topic::DeadLetters, {.value = R"({"reason":"bad_json","field":"","position":1})"}}}}));
  EXPECT_EQ(shell(folder.path(), "SELECT kind, symbol, typeof(value), time, ingested_at FROM arrivals"),
            "data|AAPL|text||2024-11-22 12:00:00\n"
            "data||blob||2024-11-22 12:00:00\n"
            "heartbeat||null|2024-11-22 12:00:00|2024-11-22 12:00:00\n");
  EXPECT_EQ(shell(folder.path(), "SELECT symbol, window_end, avg_close, volatility FROM trends"),
            "AAPL|2024-11-22 12:00:00|175.3|\n");
  EXPECT_EQ(shell(folder.path(), "SELECT reason, position FROM dead_letters"), "bad_json|1\n");
  EXPECT_EQ(shell(folder.path(), "SELECT * FROM readers"), "analyze|alpaca_trends|2|1|2\n");
  EXPECT_EQ(shell(folder.path(), "SELECT feed, cursor FROM feed_cursors"), "simulator|sim1\n");
  EXPECT_EQ(shell(folder.path(), "SELECT count(*) FROM bars"), "0\n");
  EXPECT_NE(shell(folder.path(), ".").find("error"), std::string::npos) << "the shell tells errors";
}

}  // namespace
}  // namespace tidemark
