// The reading half of a log.db: a connection of its own, so that who reads never waits for a writer's fsync.
//
// Every row is compared with its checksum, and the rows with the summary of all (io/embedded/summary.h): one that is not what was
// written is an error that names its table and its offset or name.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/embedded/record_rows.h"
#include "io/embedded/sqlite.h"
#include "io/embedded/summary_check.h"
#include "run/interfaces/log.h"

namespace tidemark {

inline constexpr std::size_t most_polled_bytes = 8 * 1024 * 1024;

// Of records that were looked at.
struct RowCoverage {
  struct Damaged {
    Topic topic;
    Position offset;
    std::string what;
  };
  std::uint64_t covered = 0;      // that are what was written
  std::uint64_t not_covered = 0;  // by a version that had no checksums: nobody knows
  std::vector<Damaged> damaged;
};

// The rows that are no records, as a writer begins with them.
struct KnownRowsRead {
  struct PositionRow {
    std::string reader;
    Topic topic;
    Position position;
    std::optional<Position> needed;
  };
  std::vector<std::pair<std::string, std::uint32_t>> checksums;  // "positions/store/tidemark_bars", "state/store" …
  std::vector<PositionRow> positions;
  std::array<Position, topic_count> covered_from{};
  std::int64_t sequence = 0;  // of the last transaction
};

// May be called from any thread.
class LogReader {
 public:
  // The tables of this version are there. The rows that are no records fit to the summary.
  Result<void> open(const std::string& path, const ConnectionOptions& options);

  void keep_wal_at_close();

  struct Extent {
    Position begin = 0, end = 0;
  };
  Result<Extent> extent(Topic topic);
  // Records without a hole. All before `known_end` are there: that one is missing is damage.
  Result<Batch> select(Topic topic, Position from, std::size_t limit, std::size_t most_bytes, Position known_end = 0);
  Result<std::optional<std::string>> cursor(std::string_view feed);
  Result<ReaderState> restore(std::string_view reader);
  Result<KnownRowsRead> known_rows();
  Result<std::uint64_t> bytes();

  // From which offset on records have a checksum, by topic: 0 in a log that this version began.
  std::array<Position, topic_count> covered_from();
  // Looks at records without stopping at those that are damaged. The batch has the others, with holes. A row is looked at as a whole.
  Result<Batch> look(Topic topic, Position from, std::size_t limit, RowCoverage& coverage);

 private:
  enum class Fault : std::uint8_t { None, Kind, Checksum, NoChecksum, Limit, LowerWatermark };
  struct Row {
    RecordRow held;
    Fault fault = Fault::None;
    bool is_covered = true;
  };
  static Row read_row(Topic topic, const Statement& statement, Position covered_from);
  static std::string text_of(const Row& row, const Statement& statement);
  void begin_select(Topic topic, Position from, std::size_t limit);

  // With the mutex.
  Result<Extent> find_extent(Topic topic);
  Result<bool> was_trimmed(Topic topic, Position before);
  Result<std::optional<std::string>> find_checked(Statement& statement, std::string_view table, std::string_view key);
  Result<ReaderState> restore_in_transaction(std::string_view reader);
  Result<KnownRowsRead> read_known_rows();
  template <typename Read>
  auto in_transaction(Read read) -> decltype(read());

  Error damaged(Topic topic, std::string_view what) const;
  Error damaged_record(Topic topic, Position offset, std::string_view what) const;
  Error missing(Topic topic, Position from, std::string_view where) const;
  Error damaged_row(std::string_view table, std::string_view name) const;

  std::mutex mutex_;
  std::string path_;
  std::optional<Connection> connection_;
  std::vector<Statement> select_, extent_;  // one for each topic; the statements go before their connection
  std::optional<Statement> cursor_, positions_, state_, pages_;
  SummaryCheck summary_;
  std::array<Position, topic_count> covered_from_{};
};

}  // namespace tidemark
