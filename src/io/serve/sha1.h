// SHA-1, which the WebSocket handshake asks for (RFC 6455, RFC 3174). It protects nothing there: never
// use it where something must be kept safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tidemark {

std::array<std::uint8_t, 20> sha1(std::string_view bytes);

}  // namespace tidemark
