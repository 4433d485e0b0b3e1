#include "io/net/host_name.h"

#include <algorithm>
#include <string>

namespace tidemark {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view name_in_host(std::string_view host) {
  const std::size_t end = host.starts_with('[') ? host.find(']') : host.find(':');
  if (end == host.npos) return host.starts_with('[') ? std::string_view() : host;
  const std::string_view port = host.starts_with('[') ? host.substr(end + 1) : host.substr(end);
  if (!port.empty() && port != ":" && !(port.front() == ':' && is_port(port.substr(1)))) return {};
  return host.starts_with('[') ? host.substr(1, end - 1) : host.substr(0, end);
}

bool is_loopback_name(std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (lower == "localhost" || lower.ends_with(".localhost") || lower == "::1" || lower == "[::1]") return true;
  // 127.x.x.x; a name such as 127.evil.example does not count.
  return lower.starts_with("127.") && lower.find_first_not_of("0123456789.") == lower.npos &&
         std::ranges::count(lower, '.') == 3;
}

}  // namespace tidemark
