// permessage-deflate (RFC 7692), without memory between messages: each is packed and unpacked by itself.
//
// So a message is packed once for all clients, as its frame is made once; a client costs nothing while it is silent; and
// what one sends is unpacked only as far as a message may be long. Of long messages windows that are kept would save no
// more (docs/performance.md).
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "io/serve/websocket.h"

namespace tidemark::websocket {

// A shorter message is sent as it is: packing would save less than it costs.
inline constexpr std::size_t least_packed_bytes = 512;

// The answer to Sec-WebSocket-Extensions; none when nothing that is offered can be agreed to.
std::optional<std::string> agree_to_deflate(std::string_view offers);

// One whole unmasked frame, packed where the payload is long enough.
std::string packed_frame(Opcode opcode, std::string_view payload);

// What a client packed; the code to close with when it is longer than `most_bytes`, or no such thing.
std::expected<std::string, CloseCode> unpack_message(std::string_view packed, std::size_t most_bytes);

}  // namespace tidemark::websocket
