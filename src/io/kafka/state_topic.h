// The states of readers and feeds in the compacted topic tidemark_state, where the newest record of each key counts.
//
//     key  analyze        the first piece of the state of the reader `analyze`, after a line with the total number of bytes
//          analyze/1 …    the other pieces
//          analyze#needed the offsets from which it must be able to read again, topic=offset a line
//          analyze#vitals its status, with each commit
//          analyze#positions how far it has read: group=NAME, then topic=offset a line, with each commit that moves a position
//          feed/NAME      a feed's cursor
//
// Positions are stored here in addition to the offsets of the reader's group, because brokers may lose those. If a
// broker with the group coordinator of Kafka 3.9 refuses a late TxnOffsetCommit of an earlier epoch, it also drops the
// offsets that the open transaction has already added for the same partition. That transaction commits without them,
// and the group's offset stays where it was.
//
// The partition is that of the bars concerned, and 0 for the cursor of a feed. The pieces of a state are written in one
// transaction.
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
#include "run/interfaces/log.h"

namespace tidemark {

// The values of one partition by key, as of the time of reading.
class StateTable {
 public:
  static Result<StateTable> read(PartitionReader& reader, const std::string& topic, std::int32_t partition);

  std::optional<std::string> value(const std::string& key) const;
  // The state, joined from its pieces; none if there is none. A permanent error if pieces are missing.
  Result<std::optional<std::string>> state(const std::string& reader) const;
  std::vector<std::pair<Topic, Position>> needed(const std::string& reader) const;
  // None if another group wrote them.
  std::vector<std::pair<Topic, Position>> positions(const std::string& reader, const std::string& group) const;

 private:
  std::unordered_map<std::string, std::string> values_;
};

// The records of a state, to be produced in one transaction.
std::vector<Record> state_records(const std::string& reader, std::string_view state, EventTime now);
Record needed_record(const std::string& reader, const std::vector<std::pair<Topic, Position>>& needed, EventTime now);
Record positions_record(const std::string& reader, const std::string& group,
                        const std::vector<std::pair<Topic, Position>>& positions, EventTime now);
std::string vitals_key(std::string_view reader);
std::string feed_key(std::string_view feed);

}  // namespace tidemark
