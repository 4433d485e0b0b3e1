// The CRC-32C of a row of log.db, over all that is read of it. docs/log.md says over which bytes, so that anybody can compute it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "io/embedded/record_rows.h"
#include "run/interfaces/log.h"

namespace tidemark {

class RowChecksum {
 public:
  explicit RowChecksum(std::string_view table);

  RowChecksum& add(std::int64_t number);
  RowChecksum& add(std::optional<std::int64_t> number);
  RowChecksum& add(std::string_view bytes);  // and how many they are
  std::uint32_t value() const;

 private:
  RowChecksum& extend(std::string_view bytes);
  std::uint32_t state_ = 0xffffffff;
};

// What a row of a topic's table has.
std::uint32_t checksum_of(Topic topic, const RecordRow& row);

std::uint32_t checksum_of_position(std::string_view reader, std::string_view topic, Position position,
                                   std::optional<Position> needed);
std::uint32_t checksum_of_state(std::string_view reader, std::string_view state);
std::uint32_t checksum_of_cursor(std::string_view feed, std::string_view cursor);
std::uint32_t checksum_of_begin(std::string_view topic, Position begins_at, Position covered_from);

}  // namespace tidemark
