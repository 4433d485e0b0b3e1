// What the server decides from a request's head alone: addresses survive parsing and writing, and every request that
// passes access had the right to.
#include <algorithm>
#include <string>

#include "core/check.h"
#include "core/wire/json.h"
#include "fuzz/target.h"
#include "io/serve/access.h"
#include "io/serve/api.h"
#include "io/serve/pages.h"
#include "io/serve/request.h"
#include "io/serve/websocket.h"

namespace tidemark::fuzz {
namespace {

const std::string token = "a-token-nobody-guesses";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// For requests that pass: each satisfies the rules in access.h.
void had_the_right(const Request& request, bool with_token) {
  CHECK(request.host.has_value());
  const std::string host = lower(*request.host);
  const bool local = host.starts_with("localhost") || host.starts_with("127.") || host.find("::1") != host.npos ||
                     host.find(".localhost") != host.npos || host.starts_with("desk.example");
  CHECK(local || host.starts_with("[desk.example]") || host.starts_with("[127."));
  if (with_token && request.path != "/healthz" && request.path != "/readyz") {
    const bool bearer = request.authorization && lower(request.authorization->substr(0, 7)) == "bearer " &&
                        request.authorization->substr(7) == token;
    const bool cookie = request.cookie && request.cookie->find("tidemark_token=" + token) != std::string::npos;
    CHECK(bearer || cookie);
  }
  if (request.is_read() || !request.origin) return;
  const std::string origin = lower(*request.origin);
  CHECK(origin == "https://desk.example" || origin.ends_with("://" + host));
}

void no_header_is_smuggled(const Response& response) {
  const std::string head = response_head(response, AfterAnswer::StayOpen);
  CHECK(head.starts_with("HTTP/1.1 ") && head.find("\r\n\r\n") == head.size() - 4);
  for (const auto& [name, value] : response.headers)
    CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos);
  CHECK(is_utf8(response.body));
}

void check_target(const tidemark::Target& target) {
  CHECK(target.path.starts_with('/') && is_utf8(target.path));
  std::string again = percent_encode(target.path);
  char separator = '?';
  for (const auto& [name, value] : target.parameters) {
    CHECK(is_utf8(name) && is_utf8(value));
    again += separator + percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  again.replace(0, 3, "/");  // the first slash was encoded, too
  const auto same = parse_target(again, Plus::IsSpace);
  CHECK(same && same->path == target.path);
  CHECK(same->parameters == target.parameters);
}

// Parts: address, method, Host, Origin, Authorization, Cookie, Sec-WebSocket-Key.
const Registered request("request", [](std::string_view bytes) {
  const auto target = parse_target(take_part(bytes), Plus::IsSpace);
  if (!target) return;
  check_target(*target);
  const auto header = [&]() -> std::optional<std::string> {
    const std::string_view part = take_part(bytes);
    return part.empty() ? std::nullopt : std::optional(std::string(part));
  };
  Request asked{.method = std::string(take_part(bytes)), .path = target->path, .parameters = target->parameters};
  // As the parser of headers returns them: without line ends.
  if (bytes.find_first_of("\r\n") != bytes.npos) return;
  asked.host = header();
  asked.origin = header();
  asked.authorization = header();
  asked.cookie = header();
  if (const auto key = websocket::accept_key(take_part(bytes))) CHECK(key->size() == 28);

  for (const bool with_token : {false, true}) {
    const auto access = Access::from({.loopback = true,
                                      .tokens = single_token(with_token ? token : ""),
                                      .allowed_hosts = {"desk.example"},
                                      .allowed_origins = {"https://desk.example"}});
    if (const auto refusal = access->refuse(asked, EventTime{}))
      no_header_is_smuggled(*refusal);
    else
      had_the_right(asked, with_token);
    if (const auto refusal = access->refuse_origin(asked)) no_header_is_smuggled(*refusal);
  }
  if (const auto live = Api::parse_live_request(asked); !live) no_header_is_smuggled(live.error());
  if (const auto page = find_page(asked, {})) no_header_is_smuggled(*page);
});

}  // namespace
}  // namespace tidemark::fuzz
