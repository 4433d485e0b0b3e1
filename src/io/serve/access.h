// Access: who may use this server. Decided from a request's headers alone.
//
//   Host     on loopback it must name loopback (or an allowed name). This refuses a foreign page whose name was
//            re-bound to 127.0.0.1.
//   token    if tokens are set, everything but /healthz and /readyz needs a valid one: `Authorization: Bearer`,
//            or the cookie that the page gets for `/?token=…`.
//   Origin   a WebSocket, or a request that changes something, may only come from a page of this host or of an
//            allowed origin. Programs send no Origin.
//
// The control socket belongs to the owner of the data, so its requests are not checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time/time.h"
#include "io/serve/request.h"
#include "io/serve/tokens.h"

namespace tidemark {

// Who may do more than read: everyone, if only this machine can reach the server; everyone with a token; no one.
enum class Allow : std::uint8_t { Loopback, Always, Never };

struct AccessRules {
  bool loopback = true;
  std::vector<Token> tokens;  // empty = none is required
  std::vector<std::string> allowed_hosts, allowed_origins;
};

class Access {
 public:
  // Error::setup for tokens that are missing, too short, or have characters that cannot be sent.
  static Result<Access> from(AccessRules rules);

  // The response that refuses a request; empty if it may pass.
  std::optional<Response> refuse(const Request& request, EventTime now) const;
  // The same for the Origin header of a WebSocket.
  std::optional<Response> refuse_origin(const Request& request) const;

  // The token with which a permitted request came; empty if none was required.
  std::string credential_of(const Request& request, EventTime now) const;
  // The state of a token that was accepted earlier.
  enum class Standing : std::uint8_t { Good, Expired, Revoked };
  Standing standing_of(std::string_view credential, EventTime now) const;
  // Replaces the tokens. If there were some, there must be some.
  void set_tokens(std::vector<Token> tokens);

 private:
  explicit Access(AccessRules rules) : rules_(std::move(rules)) {}

  std::optional<Response> refuse_host(const Request& request) const;
  std::optional<Response> refuse_token(const Request& request, EventTime now) const;
  // The matching token, or null. Compares with each one, in constant time.
  const Token* find(std::optional<std::string_view> given) const;

  AccessRules rules_;
};

}  // namespace tidemark
