// Request and response as the rooms of the server see them: plain values, no socket, no library.
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

// By which door somebody came in: a port, or the control socket, which only the owner of the data can open.
enum class Door : std::uint8_t { Port, ControlSocket };

struct Request {
  std::string method;
  std::string path;  // decoded, without the query
  Parameters parameters;
  // Headers that somebody looks at; none when the client did not send it.
  std::optional<std::string> host, origin, authorization, cookie, if_none_match, accept_encoding, content_type;
  std::string body = {};
  Door door = Door::Port;

  bool is_read() const { return method == "GET" || method == "HEAD"; }
  const std::string* parameter(std::string_view name) const;  // the first of this name
};

// Whether a header's list has this word, which is in lower case, whatever capitals the list has: "Keep-Alive, x".
bool has_word(std::string_view list, std::string_view word);

struct Response {
  unsigned status = 200;
  std::string_view content_type = "application/json";
  std::vector<std::pair<std::string_view, std::string>> headers;  // beyond type and length
  std::string body;
  std::span<const unsigned char> embedded;  // in place of body: lives as long as the program
};

std::string_view reason_phrase(unsigned status);

Response json_response(std::string body);

// {"error":{"field":…,"message":…}}; an empty field becomes null.
Response error_response(unsigned status, std::string_view field, std::string_view message);

// What becomes of the connection. HTTP/1.1 stays open unless somebody says otherwise; HTTP/1.0 closes unless the client
// asked for keep-alive and the answer agrees in words.
enum class AfterAnswer : std::uint8_t { Close, StayOpen, StayOpenAsAsked };

// Status line and headers, including the empty line.
std::string response_head(const Response& response, AfterAnswer after);

}  // namespace tidemark
