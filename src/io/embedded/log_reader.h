// The reading half of a log.db: a connection of its own, so that who reads never waits for a writer's fsync.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/embedded/sqlite.h"
#include "run/interfaces/log.h"

namespace tidemark {

// For loops; those who index by topic do it in this order.
constexpr std::size_t index_of(Topic topic) { return static_cast<std::size_t>(topic); }

inline constexpr std::size_t most_polled_bytes = 8 * 1024 * 1024;

// May be called from any thread.
class LogReader {
 public:
  // The tables of this version are there.
  Result<void> open(const std::string& path, const ConnectionOptions& options);

  struct Extent {
    Position begin = 0, end = 0;
  };
  Result<Extent> extent(Topic topic);
  Result<Batch> select(Topic topic, Position from, std::size_t limit, std::size_t most_bytes);
  Result<std::optional<std::string>> cursor(std::string_view feed);
  Result<ReaderState> restore(std::string_view reader);
  Result<std::uint64_t> bytes();

 private:
  Result<ReaderState> restore_in_transaction(std::string_view reader);
  Error damaged(Topic topic, std::string_view what) const;

  std::mutex mutex_;
  std::string path_;
  std::optional<Connection> connection_;
  std::vector<Statement> select_, extent_;  // one for each topic; the statements go before their connection
  std::optional<Statement> cursor_, positions_, state_, pages_;
};

}  // namespace tidemark
