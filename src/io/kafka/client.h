// A client of the cluster: librdkafka's handle as a value, its errors as sentences.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "io/kafka/cluster.h"

struct rd_kafka_s;
struct rd_kafka_error_s;

namespace tidemark {

enum class ClientKind : std::uint8_t {
  Consumer,
  Member,             // a consumer that takes part in a group, and is told of rebalances as events
  Producer,           // of transactions, whose end says whether all was written
  ReportingProducer,  // is told of each message whether it was written
};

class Client {
 public:
  // Begins to connect, and does not wait for it. The cluster's properties win over `own`, but for those that a promise
  // depends on, which are refused. Error::setup for these, and for a property that librdkafka does not know.
  static Result<Client> open(ClientKind kind, const KafkaCluster& cluster, const KafkaProperties& own);

  rd_kafka_s* handle() const { return handle_.get(); }

  // What went wrong, in a sentence that has the last words of the connection where those say more ("timed out").
  // Takes the error. Fatal ones are permanent, all others may pass.
  Error failure(std::string_view doing, rd_kafka_error_s* error) const;
  Error failure(std::string_view doing, int code) const;
  // Of a reporting producer: the code of a message that was not written since the last call; 0 = none.
  int take_undelivered() const;
  // Of a producer of transactions: one of its transactional requests got no answer. The brokers may still receive it, and
  // they would take it for a request of whatever transaction this producer has open by then: librdkafka does not change the
  // producer's epoch from one transaction to the next (its issue 5423, KIP-890). Stays true.
  bool is_in_doubt() const;

 private:
  struct Ears;  // hears what librdkafka's threads have to tell
  struct Destroy {
    std::shared_ptr<Ears> ears;  // outlives the handle
    void operator()(rd_kafka_s* handle) const;
  };
  Client(std::shared_ptr<Ears> ears, rd_kafka_s* handle);
  friend struct ClientCallbacks;

 public:
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();  // waits for librdkafka's threads a little, then leaves them to themselves

 private:
  std::unique_ptr<rd_kafka_s, Destroy> handle_;
};

}  // namespace tidemark
