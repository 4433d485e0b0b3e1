// Request and response inside the server: plain values, without sockets or library types.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/net/request_target.h"

namespace tidemark {

// How a request came in: through a port, or through the control socket, which only the owner of the data can open.
enum class Channel : std::uint8_t { Port, ControlSocket };

struct Request {
  std::string method;
  std::string path;  // decoded, without the query
  Parameters parameters;
  // Headers that the server uses; empty if the client did not send them.
  std::optional<std::string> host, origin, authorization, cookie, if_none_match, accept_encoding, content_type;
  std::string body = {};
  Channel channel = Channel::Port;

  bool is_read() const { return method == "GET" || method == "HEAD"; }
  const std::string* parameter(std::string_view name) const;  // the first one of this name
  bool knows(std::string_view etag) const;                    // If-None-Match lists it, or everything
};

// Whether a header's list has this word, which is in lower case, whatever capitals the list has: "Keep-Alive, x".
bool has_word(std::string_view list, std::string_view word);

struct Response {
  unsigned status = 200;
  std::string_view content_type = "application/json";
  std::vector<std::pair<std::string_view, std::string>> headers;  // besides type and length
  std::string body;
  std::span<const unsigned char> embedded;  // instead of body; lives as long as the program
};

std::string_view reason_phrase(unsigned status);

Response json_response(std::string body);

// {"error":{"field":…,"message":…}}; an empty field becomes null.
Response error_response(unsigned status, std::string_view field, std::string_view message);

// What happens to the connection afterwards. HTTP/1.1 stays open unless a side objects. HTTP/1.0 closes unless the
// client asked for keep-alive and the response confirms it.
enum class AfterAnswer : std::uint8_t { Close, StayOpen, StayOpenAsAsked };

// Status line and headers, including the empty line.
std::string response_head(const Response& response, AfterAnswer after);

}  // namespace tidemark
