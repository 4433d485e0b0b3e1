// Endpoint: where a server is, from its address as people write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

struct Endpoint {
  bool is_secure = true;  // https, wss
  std::string host;       // an IPv6 address without its brackets
  std::string port;       // "443"
  std::string path;       // before every path; empty, or "/prefix"
  std::string name() const { return host.find(':') == host.npos ? host : "[" + host + "]"; }  // in Host:
};

// "https://data.alpaca.markets", "ws://127.0.0.1:8060". Error::setup says what is wrong.
Result<Endpoint> parse_endpoint(std::string_view url);

}  // namespace tidemark
