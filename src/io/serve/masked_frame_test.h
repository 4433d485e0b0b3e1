// A frame as a browser sends it, for tests: masked, at most 65,535 bytes long.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::websocket {

// first: the frame's first byte, its flags and opcode.
inline std::string masked(unsigned first, std::string_view payload) {
  std::string bytes{static_cast<char>(first)};
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    bytes += static_cast<char>(0x80 | 126);
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size() & 0xff);
  }
  bytes += "\1\2\3\4";
  for (std::size_t i = 0; i < payload.size(); ++i) bytes += static_cast<char>(payload[i] ^ (1 + i % 4));
  return bytes;
}

}  // namespace tidemark::websocket
