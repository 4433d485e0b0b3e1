// Access: who may ask this server anything. Decided from a request's headers alone.
//
//   Host     on loopback it must name loopback (or an allowed name): a foreign page whose name was
//            re-bound to 127.0.0.1 is turned away.
//   token    where some are set, everything but /healthz and /readyz wants one that is valid: `Authorization:
//            Bearer`, or the cookie that the page gets for `/?token=…`.
//   Origin   a WebSocket, or a request that would change something, may come from a page of this host
//            or an allowed one only. Programs send no Origin.
//
// Who came in by the control socket is the owner of the data, and is asked nothing.
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

// Who may do more than look: whoever reaches the server, as long as that is this machine only; everybody who has the
// token; nobody.
enum class Allow : std::uint8_t { Loopback, Always, Never };

struct AccessRules {
  bool loopback = true;
  std::vector<Token> tokens;  // empty = none is asked for
  std::vector<std::string> allowed_hosts, allowed_origins;
};

class Access {
 public:
  // Error::setup for tokens that are missing, too short or not sendable.
  static Result<Access> from(AccessRules rules);

  // The answer in place of what was asked for; none when the request may pass.
  std::optional<Response> refuse(const Request& request, EventTime now) const;
  // The same for the Origin of a WebSocket.
  std::optional<Response> refuse_origin(const Request& request) const;

  // With which token a request that may pass did so; empty: none was asked for.
  std::string credential_of(const Request& request, EventTime now) const;
  // What has become of a token with which somebody was let in.
  enum class Standing : std::uint8_t { Good, Expired, Revoked };
  Standing standing_of(std::string_view credential, EventTime now) const;
  // Others from now on. Where some were set there is never none.
  void set_tokens(std::vector<Token> tokens);

 private:
  explicit Access(AccessRules rules) : rules_(std::move(rules)) {}

  std::optional<Response> refuse_host(const Request& request) const;
  std::optional<Response> refuse_token(const Request& request, EventTime now) const;
  // The token that was given; null when there is no such one. Compared with each, in constant time.
  const Token* find(std::optional<std::string_view> given) const;

  AccessRules rules_;
};

// localhost, a name below it, 127.x.x.x or ::1, with or without brackets.
bool is_loopback_name(std::string_view host);

}  // namespace tidemark
