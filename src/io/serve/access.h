// Access: who may ask this server anything. Decided from a request's headers alone.
//
//   Host     on loopback it must name loopback (or an allowed name): a foreign page whose name was
//            re-bound to 127.0.0.1 is turned away.
//   token    where one is set, everything but /healthz and /readyz wants it: `Authorization: Bearer`,
//            or the cookie that the page gets for `/?token=…`.
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
#include "io/serve/request.h"

namespace tidemark {

// Who may do more than look: whoever reaches the server, as long as that is this machine only; everybody who has the
// token; nobody.
enum class Allow : std::uint8_t { Loopback, Always, Never };

struct AccessRules {
  bool loopback = true;
  std::string token;  // empty = none
  std::vector<std::string> allowed_hosts, allowed_origins;
};

class Access {
 public:
  // Error::setup for a token that is missing, too short or not sendable.
  static Result<Access> from(AccessRules rules);

  // The answer in place of what was asked for; none when the request may pass.
  std::optional<Response> refuse(const Request& request) const;
  // The same for the Origin of a WebSocket.
  std::optional<Response> refuse_origin(const Request& request) const;

 private:
  explicit Access(AccessRules rules) : rules_(std::move(rules)) {}

  std::optional<Response> refuse_host(const Request& request) const;
  std::optional<Response> refuse_token(const Request& request) const;

  AccessRules rules_;
};

// localhost, a name below it, 127.x.x.x or ::1, with or without brackets.
bool is_loopback_name(std::string_view host);

// Takes as long whether the first character is wrong or the last.
bool equal_in_constant_time(std::string_view given, std::string_view secret);

}  // namespace tidemark
