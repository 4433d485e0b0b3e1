// Producers: a transactional one writes messages and a reader's positions, all of them or none; a plain one writes messages
// that can be read at once.
//
//     fence ──▶ [ begin, produce…, positions, commit ] ──▶ [ … ]
//                 └ what fails is aborted; the caller may try the same again
//
// Who fences with the same id later ends what this one had open, and this one is refused from then on.
//
// A producer of which a transactional request got no answer is in doubt, and begins no other transaction: the brokers may receive
// that request later, and would take it for one of the transaction that is open then. It is to be discarded. One that is opened
// with the same id gets a higher epoch from the brokers, which refuse all requests of the earlier one. Opening it may fence
// another process that has taken over the work meanwhile, so positions and state are to be read again before anything else.
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

// What a producer hands over; librdkafka's code, 0 = good.
using Fill = std::function<int(rd_kafka_s* producer)>;

class PlainProducer {
 public:
  static Result<std::unique_ptr<PlainProducer>> open(const KafkaCluster& cluster);
  // Returns when the brokers have all that `fill` produces. After an error some of it may be there.
  Result<void> write(const Fill& fill);

 private:
  explicit PlainProducer(Client client) : client_(std::move(client)) {}
  Client client_;
};

class TransactionalProducer {
 public:
  // Fences: waits until nothing of an earlier holder of the id is open any more.
  static Result<std::unique_ptr<TransactionalProducer>> open(const KafkaCluster& cluster, const std::string& id);

  // Runs `fill`, which produces, then adds the positions of that group, and commits. After a retryable error the same is to
  // be tried again: a commit that the brokers have not answered goes on, anything else was aborted and is done anew. A permanent
  // error means that somebody else holds the id, or that the producer is of no use any more; whether it was committed is
  // then known to who fences next. Refused while the producer is in doubt.
  Result<void> commit(const Fill& fill, const std::string& group, const std::vector<GroupPosition>& positions);

  // A commit that has returned without an error is durable even so.
  bool is_in_doubt() const { return is_lost_ || client_->is_in_doubt(); }

 private:
  explicit TransactionalProducer(Client client) : client_(std::make_shared<Client>(std::move(client))) {}
  Result<void> send_positions(const std::string& group, const std::vector<GroupPosition>& positions);
  Result<void> abort(const Error& why);
  Result<void> end();

  std::shared_ptr<Client> client_;  // a call that does not return keeps it
  bool is_lost_ = false;            // such a call has it
  bool is_open_ = false;            // an abort that failed is to be made good first
  bool is_committing_ = false;      // and the brokers have not said yet that they have
};

}  // namespace tidemark
