// Endpoints: POST requests that do something and may take time to answer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/serve/request.h"

namespace tidemark {

// Takes the response. Called once, on any thread, while the server lives.
using Reply = std::function<void(Response)>;

// A request in progress. Destroying it, because the client has left, cancels the work if possible.
class Ticket {
 public:
  virtual ~Ticket() = default;
};

// Handles a POST with a JSON body, or a GET whose answer takes time. Called on the server's thread, where it must not block. May return null if it cannot
// be cancelled.
using PostHandler = std::function<std::unique_ptr<Ticket>(const Request&, Reply)>;

// Answers a GET. Called on the server's thread.
using GetHandler = std::function<Response(const Request&)>;

// Whether a POST changes something or only computes its answer. The server decides which clients may request changes
// (ServerOptions::allow_changes).
enum class EndpointKind : std::uint8_t { Changes, Answers };

struct Endpoint {
  std::string path;            // "/api/v1/…"
  PostHandler act;             // POST; null: not supported
  GetHandler show;             // GET; null: not supported
  PostHandler read = nullptr;  // GET whose answer takes time; null: not supported
  EndpointKind kind = EndpointKind::Changes;
};

}  // namespace tidemark
