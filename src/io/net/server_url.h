// The URL of a server in a setting: scheme, host, port and path.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

struct ServerUrl {
  bool is_secure = true;  // https, wss
  std::string host;       // a name, or an address without brackets
  std::string port;
  std::string path;                 // precedes every target; empty or "/…" without a trailing slash
  std::string host_header() const;  // for the Host header: without a default port
};

// Error::setup, with the setting's name.
Result<ServerUrl> parse_server_url(std::string_view setting, std::string_view url);

}  // namespace tidemark
