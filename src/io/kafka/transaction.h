// Producers: a transactional one writes messages and a reader's positions, all of them or none. A plain one writes
// messages that are visible at once.
//
//     fence ──▶ [ begin, produce…, positions, commit ] ──▶ [ … ]
//                 └ a failure is aborted; the caller may retry
//
// A later producer with the same id aborts this one's open transaction, and this one is refused from then on.
//
// A producer is in doubt once a transactional request got no answer: the brokers may receive that request later and
// take it for part of the transaction that is open then. It begins no other transaction and has to be discarded. A new
// producer with the same id gets a higher epoch, and the brokers refuse all requests of the earlier one. Opening it may
// fence another process that has taken over the work meanwhile, so read positions and state again first.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/kafka/client.h"
#include "io/kafka/message.h"

namespace tidemark {

// Why a producer in doubt is replaced, for the journal.
inline constexpr std::string_view in_doubt = "a transactional request got no answer";

struct GroupPosition {
  std::string topic;
  std::int32_t partition = 0;
  Position position = 0;
};

// Produces messages; returns librdkafka's code, 0 = success.
using Fill = std::function<int(rd_kafka_s* producer)>;

class PlainProducer {
 public:
  static Result<std::unique_ptr<PlainProducer>> open(const KafkaCluster& cluster);
  // Returns when the brokers have all messages that `fill` produces. After an error, some may have been written.
  Result<void> write(const Fill& fill);

 private:
  explicit PlainProducer(Client client) : client_(std::move(client)) {}
  Client client_;
};

class TransactionalProducer {
 public:
  // Fences: waits until no transaction of an earlier holder of the id is open.
  static Result<std::unique_ptr<TransactionalProducer>> open(const KafkaCluster& cluster, const std::string& id);

  // Runs `fill`, which produces, then adds the positions of the group, and commits. After a retryable error, call it
  // again with the same arguments: an unanswered commit continues, and anything else was aborted and starts again. A
  // permanent error means that another producer holds the id, or that this one is no longer usable; only the next
  // producer that fences learns whether the transaction was committed. Refused while the producer is in doubt.
  Result<void> commit(const Fill& fill, const std::string& group, const std::vector<GroupPosition>& positions);

  // Commits that returned without an error are durable nevertheless.
  bool is_in_doubt() const { return is_lost_ || client_->is_in_doubt(); }

 private:
  explicit TransactionalProducer(Client client) : client_(std::make_shared<Client>(std::move(client))) {}
  Result<void> send_positions(const std::string& group, const std::vector<GroupPosition>& positions);
  Result<void> abort(const Error& why);
  Result<void> end();

  std::shared_ptr<Client> client_;  // an abandoned call keeps it alive
  bool is_lost_ = false;            // an abandoned call uses it
  bool is_open_ = false;            // a failed abort has to be repeated first
  bool is_committing_ = false;      // and the brokers have not yet confirmed it
};

}  // namespace tidemark
