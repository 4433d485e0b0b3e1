// What readers and feeds know, in the compacted topic tidemark_state: the newest record of each key counts.
//
//     key  analyze        the first piece of the state of the reader `analyze`, behind a line that says how many bytes it has
//          analyze/1 …    the others
//          analyze#needed from where it must be able to read again, topic=offset a line
//          analyze#vitals how it is doing, with each commit
//          feed/NAME      a feed's cursor
//
// The partition is that of the bars it is about, and of a feed's cursor 0. Pieces are written in one transaction, so they are
// of one state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "io/kafka/message.h"
#include "io/kafka/partition_reader.h"
#include "run/log.h"

namespace tidemark {

// Of one partition, as it stood when it was read: values by key.
class StateTable {
 public:
  static Result<StateTable> read(PartitionReader& reader, const std::string& topic, std::int32_t partition);

  std::optional<std::string> value(const std::string& key) const;
  // Put together again; nothing when there is none. A permanent error when pieces are missing.
  Result<std::optional<std::string>> state(const std::string& reader) const;
  std::vector<std::pair<Topic, Position>> needed(const std::string& reader) const;

 private:
  std::unordered_map<std::string, std::string> values_;
};

// The records that say it, to be produced in one transaction.
std::vector<Record> state_records(const std::string& reader, std::string_view state, EventTime now);
Record needed_record(const std::string& reader, const std::vector<std::pair<Topic, Position>>& needed, EventTime now);
std::string vitals_key(std::string_view reader);
std::string feed_key(std::string_view feed);

}  // namespace tidemark
