#include "io/alpaca/endpoint.h"

#include <fmt/format.h>

#include <algorithm>

namespace tidemark {

Result<Endpoint> parse_endpoint(std::string_view url) {
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(Error::setup(fmt::format("\"{}\" is no address: {}", url, why)));
  };
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == url.npos) return wrong("it begins with https://, wss://, http:// or ws://");
  const std::string_view scheme = url.substr(0, scheme_end);
  Endpoint endpoint;
  endpoint.is_secure = scheme == "https" || scheme == "wss";
  if (!endpoint.is_secure && scheme != "http" && scheme != "ws")
    return wrong("it begins with https://, wss://, http:// or ws://");
  std::string_view rest = url.substr(scheme_end + 3);
  const std::size_t path = rest.find('/');
  if (path != rest.npos) {
    endpoint.path = rest.substr(path);
    while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
    rest = rest.substr(0, path);
  }
  const bool is_bracketed = rest.starts_with('[');
  const std::size_t host_end = std::min(is_bracketed ? rest.find(']') : rest.find(':'), rest.size());
  if (is_bracketed && host_end == rest.size()) return wrong("the bracket is not closed");
  endpoint.host = rest.substr(is_bracketed, host_end - is_bracketed);
  rest.remove_prefix(host_end + is_bracketed);
  if (rest.empty())
    endpoint.port = endpoint.is_secure ? "443" : "80";
  else if (rest.front() == ':')
    endpoint.port = rest.substr(1);
  if (endpoint.host.empty()) return wrong("the host is missing");
  if (endpoint.port.empty() || endpoint.port.size() > 5 ||
      endpoint.port.find_first_not_of("0123456789") != std::string::npos)
    return wrong("the port is none");
  return endpoint;
}

}  // namespace tidemark
