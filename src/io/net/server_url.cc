#include "io/net/server_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "io/net/host_name.h"

namespace tidemark {
namespace {

// Excludes everything that could end a line of a request.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '@'; });
}

}  // namespace

std::string ServerUrl::host_header() const {
  const std::string name = host.find(':') == host.npos ? host : '[' + host + ']';
  return port == (is_secure ? "443" : "80") ? name : name + ':' + port;
}

Result<ServerUrl> parse_server_url(std::string_view setting, std::string_view url) {
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(Error::setup(fmt::format("{}: \"{}\" {}", setting, url, why)));
  };
  ServerUrl parsed;
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == url.npos) return wrong("is not a server URL such as https://HOST[:PORT]");
  const std::string_view scheme = url.substr(0, scheme_end);
  constexpr std::array<std::string_view, 4> schemes{"https", "wss", "http", "ws"};
  const auto* const known = std::ranges::find(schemes, scheme);
  if (known == schemes.end()) return wrong("has a scheme other than https or wss");
  parsed.is_secure = known < schemes.begin() + 2;
  std::string_view rest = url.substr(scheme_end + 3);
  if (!is_plain(rest)) return wrong("has characters that no server URL has");
  const std::size_t path = std::min(rest.find('/'), rest.size());
  parsed.path = rest.substr(path);
  while (parsed.path.ends_with('/')) parsed.path.pop_back();
  rest = rest.substr(0, path);
  std::string_view port;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == rest.npos) return wrong("has no ] after its address");
    parsed.host = rest.substr(1, close - 1);
    port = rest.substr(close + 1);
  } else {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    parsed.host = rest.substr(0, colon);
    port = rest.substr(colon);
  }
  if (parsed.host.empty()) return wrong("names no host");
  if (!port.empty() && (!port.starts_with(':') || !is_port(port.substr(1))))
    return wrong("has no port after its colon");
  parsed.port = port.empty() ? (parsed.is_secure ? "443" : "80") : port.substr(1);
  return parsed;
}

}  // namespace tidemark
