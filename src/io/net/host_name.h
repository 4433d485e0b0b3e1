// Names and ports of hosts: in a Host header, in an address, and whether a name means this machine. A server on loopback
// that checks it cannot be asked by a foreign page whose name was re-bound to 127.0.0.1.
#pragma once

#include <string_view>

namespace tidemark {

// "localhost:8050" → "localhost", "[::1]:8050" → "::1"; empty if it is neither a name nor a name with a port.
std::string_view name_in_host(std::string_view host);

// One to five digits.
bool is_port(std::string_view text);

// localhost, a name below it, 127.x.x.x or ::1, with or without brackets.
bool is_loopback_name(std::string_view name);

}  // namespace tidemark
