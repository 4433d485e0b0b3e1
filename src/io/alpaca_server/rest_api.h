// RestApi: answers calls for history, latest bars and the clock as Alpaca does (docs/alpaca-server.md).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "io/alpaca_server/api_keys.h"
#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/rate_limit.h"
#include "io/alpaca_server/rest_request.h"
#include "io/alpaca_server/tape.h"
#include "io/alpaca_server/tape_clock.h"

namespace tidemark {

struct RestReply {
  unsigned status = 200;
  std::string body;  // JSON
  std::vector<std::pair<std::string, std::string>> headers;
};

struct RestOptions {
  std::uint64_t calls_a_minute = 200;  // for each key; 0: no limit
  double speed = 1;
  MarketHours hours = MarketHours::Always;
};

class RestApi {
 public:
  RestApi(MarketTape& tape, Faults& faults, const ApiKeys& keys, RestOptions options)
      : tape_(tape), faults_(faults), keys_(keys), options_(options), limit_(options.calls_a_minute) {}

  // Answers a GET at these times of the market and of the wall clock.
  RestReply answer(const RestRequest& request, EventTime market, EventTime wall);

 private:
  RestReply find(const RestRequest& request, EventTime market);
  RestReply clock(EventTime market) const;

  MarketTape& tape_;
  Faults& faults_;
  const ApiKeys& keys_;
  RestOptions options_;
  RateLimit limit_;
  std::uint64_t calls_ = 0;
};

}  // namespace tidemark
