// The summary of log.db: what every transaction says of the whole log. It fits to the rows of the same moment only.
//
// A checksum finds a row that was changed. It does not find a row that is older than the rest and intact in itself: a page
// whose write never came to the disk, or that the disk returns as it was before. The summary does.
//
// A transaction writes it into one place, as a text:
//
//     records and a position or cursor   the row of that position or cursor, whose page is written anyhow
//     no record                          the table `summary`: a page for itself, or the page that may be lost would be
//                                        the only one that tells of the transaction
//
// The latest of these texts counts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/interfaces/log.h"

namespace tidemark {

struct Summary {
  std::int64_t sequence = 0;  // how many transactions there have been
  std::array<Position, topic_count> ends{};
  std::int64_t known = 0;  // the checksums of all rows of positions, state, feed_cursors and topics, added up
  friend bool operator==(const Summary&, const Summary&) = default;
};

// "SEQUENCE END END END END END KNOWN CRC32C": decimal numbers, the checksum over the seven before it.
std::string to_text(const Summary& summary);
// None where the text is not one that was written.
std::optional<Summary> parse_summary(std::string_view text);

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
