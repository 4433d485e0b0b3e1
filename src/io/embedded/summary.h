// The summary of log.db: one row that every transaction writes anew, and that only fits to the rows of the same moment.
//
// A checksum finds a row that was changed. It does not find one that is older than the rest, whole as it was once: a page
// whose write never came to the disk, or that the disk gives as it was before. The summary does.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "run/interfaces/log.h"

namespace tidemark {

struct Summary {
  std::array<Position, topic_count> ends{};
  std::int64_t known = 0;  // the checksums of all rows of positions, state, feed_cursors and topics, added up
};

std::uint32_t checksum_of(const Summary& summary);

// SQL that asks for the offset behind the last record that a topic ever had.
std::string end_of_topic(Topic topic);

// The checksums of the rows that are no records, as the one who writes them knows them.
class KnownRows {
 public:
  // Within a transaction, which ends with keep() or forget().
  void put(std::string row, std::uint32_t checksum);
  void keep() { before_.clear(); }
  void forget();

  std::int64_t sum() const { return sum_; }

 private:
  void set(const std::string& row, std::optional<std::uint32_t> checksum);

  std::map<std::string, std::uint32_t> checksums_;
  std::int64_t sum_ = 0;
  std::vector<std::pair<std::string, std::optional<std::uint32_t>>> before_;
};

}  // namespace tidemark
