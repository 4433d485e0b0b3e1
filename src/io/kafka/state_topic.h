// What readers and feeds know, in the compacted topic tidemark_state: the newest record of each key counts.
//
//     key  analyze        the first piece of the state of the reader `analyze`, behind a line that says how many bytes it has
//          analyze/1 …    the others
//          analyze#needed from where it must be able to read again, topic=offset a line
//          analyze#vitals how it is doing, with each commit
//          analyze#positions how far it has read: group=NAME, then topic=offset a line, with each commit that moves a position
//          feed/NAME      a feed's cursor
//
// Positions stand here, too, beside the offsets of the reader's group, because brokers may forget those. When a broker with the group
// coordinator of Kafka 3.9 refuses a late TxnOffsetCommit of an earlier epoch, it also drops the offsets that the open transaction has
// already added for the same partition; that transaction commits without them, and the group's offset stays where it was.
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
#include "run/interfaces/log.h"

namespace tidemark {

// Of one partition, as it stood when it was read: values by key.
class StateTable {
 public:
  static Result<StateTable> read(PartitionReader& reader, const std::string& topic, std::int32_t partition);

  std::optional<std::string> value(const std::string& key) const;
  // Put together again; nothing when there is none. A permanent error when pieces are missing.
  Result<std::optional<std::string>> state(const std::string& reader) const;
  std::vector<std::pair<Topic, Position>> needed(const std::string& reader) const;
  // None where another group wrote them.
  std::vector<std::pair<Topic, Position>> positions(const std::string& reader, const std::string& group) const;

 private:
  std::unordered_map<std::string, std::string> values_;
};

// The records that say it, to be produced in one transaction.
std::vector<Record> state_records(const std::string& reader, std::string_view state, EventTime now);
Record needed_record(const std::string& reader, const std::vector<std::pair<Topic, Position>>& needed, EventTime now);
Record positions_record(const std::string& reader, const std::string& group,
                        const std::vector<std::pair<Topic, Position>>& positions, EventTime now);
std::string vitals_key(std::string_view reader);
std::string feed_key(std::string_view feed);

}  // namespace tidemark
