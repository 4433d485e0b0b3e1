// Acts: requests that do something and whose answer takes its time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/serve/request.h"

namespace tidemark {

// Takes the answer. Called once, on any thread, while the server lives.
using Reply = std::function<void(Response)>;

// What has been begun for a client. Destroyed when he has left: then it is given up, if that is possible.
class Ticket {
 public:
  virtual ~Ticket() = default;
};

// One path that takes POST with a body of JSON; called on the server's thread, where it may not wait. May return null:
// then it cannot be given up.
using PostHandler = std::function<std::unique_ptr<Ticket>(const Request&, Reply)>;

// What a path answers to GET; called on the server's thread.
using GetHandler = std::function<Response(const Request&)>;

// An act changes something, or it only works for its answer. Who may ask for a change is decided at the door
// (ServerOptions::allow_changes).
enum class EndpointKind : std::uint8_t { Changes, Answers };

struct Endpoint {
  std::string path;  // "/api/v1/…"
  PostHandler act;   // POST
  GetHandler show;   // GET; null: there is nothing to look at
  EndpointKind kind = EndpointKind::Changes;
};

}  // namespace tidemark
