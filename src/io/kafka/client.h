// Client: a client of the cluster. It owns librdkafka's handle and turns its errors into messages.
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
  Member,             // a consumer that joins a group and gets rebalances as events
  Producer,           // transactional; the commit tells whether all was written
  ReportingProducer,  // gets a report for each message
};

class Client {
 public:
  // Starts to connect without waiting. The cluster's properties override `own`, except those that a guarantee depends
  // on. Error::setup for these, and for properties unknown to librdkafka.
  static Result<Client> open(ClientKind kind, const KafkaCluster& cluster, const KafkaProperties& own);

  rd_kafka_s* handle() const { return handle_.get(); }

  // An error message, with the last warning of the connection where that says more ("timed out"). Takes ownership of
  // the error. Fatal errors are permanent, all others are retryable.
  Error failure(std::string_view doing, rd_kafka_error_s* error) const;
  Error failure(std::string_view doing, int code) const;
  // For a ReportingProducer: the code of a message that was not written since the last call; 0 = none.
  int take_undelivered() const;
  // For a transactional Producer: true, for good, once a transactional request got no answer. The brokers may still
  // receive it and take it for a request of the transaction that is open by then, because librdkafka keeps the
  // producer's epoch from one transaction to the next (its issue 5423, KIP-890).
  bool is_in_doubt() const;

 private:
  struct Ears;  // records what librdkafka's threads report
  struct Destroy {
    std::shared_ptr<Ears> ears;  // outlives the handle
    void operator()(rd_kafka_s* handle) const;
  };
  Client(std::shared_ptr<Ears> ears, rd_kafka_s* handle);
  friend struct ClientCallbacks;

 public:
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();  // waits briefly for librdkafka's threads, then abandons them

 private:
  std::unique_ptr<rd_kafka_s, Destroy> handle_;
};

}  // namespace tidemark
