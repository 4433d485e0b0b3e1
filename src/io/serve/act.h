// Acts: requests that do something and whose answer takes its time.
#pragma once

#include <functional>
#include <memory>

#include "io/serve/request.h"

namespace tidemark {

// Takes the answer. Called once, on the server's thread.
using Reply = std::function<void(Response)>;

// What has been begun for a client. Destroyed when he has left: then it is given up, if that is possible.
class Ticket {
 public:
  virtual ~Ticket() = default;
};

// One path that takes POST with a body of JSON; called on the server's thread. May return null: then it cannot be
// given up.
using Act = std::function<std::unique_ptr<Ticket>(const Request&, Reply)>;

}  // namespace tidemark
