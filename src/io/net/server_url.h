// The address of a server as a setting says it: scheme, host, port and path.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

struct ServerUrl {
  bool is_secure = true;  // https, wss
  std::string host;       // a name, or an address without brackets
  std::string port;
  std::string path;                 // before every target; empty or "/…" without a slash at its end
  std::string host_header() const;  // as HTTP wants it: without the port that goes without saying
};

// Error::setup, with the setting's name.
Result<ServerUrl> parse_server_url(std::string_view setting, std::string_view url);

}  // namespace tidemark
