// permessage-deflate (RFC 7692) without context takeover: each message is compressed and decompressed by itself.
//
// So a message is compressed once for all clients, as its frame is built once. A silent client needs no memory, and a
// client's message is decompressed only up to the allowed length. For long messages, keeping the window would save no
// more (docs/performance.md).
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "io/serve/websocket.h"

namespace tidemark::websocket {

// Shorter messages are sent uncompressed: compression would save less than it costs.
inline constexpr std::size_t least_packed_bytes = 512;

// The response to Sec-WebSocket-Extensions; empty if no offer is acceptable.
std::optional<std::string> agree_to_deflate(std::string_view offers);

// One whole unmasked frame, compressed if the payload is long enough.
std::string packed_frame(Opcode opcode, std::string_view payload);

// Decompresses a client's message; or the close code if it is longer than `most_bytes` or invalid.
std::expected<std::string, CloseCode> unpack_message(std::string_view packed, std::size_t most_bytes);

}  // namespace tidemark::websocket
