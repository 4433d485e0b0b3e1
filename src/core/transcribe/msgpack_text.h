// MessagePack values as JSON text, as far as Alpaca's stream speaks it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// How many values follow the header of an array that stands at the beginning; none: no array begins there. `header_bytes`
// is its length; 0: an array begins there, and its header is not whole.
std::optional<std::uint32_t> msgpack_array_size(std::string_view bytes, std::size_t& header_bytes);

// True if bytes begin as a recorded message does: a map, or an array of maps, whose first key is a short text.
bool begins_as_msgpack_message(std::string_view bytes);

// How many bytes the value at the beginning has. 0: it is not whole; none: it is no MessagePack.
std::optional<std::size_t> msgpack_value_bytes(std::string_view bytes);

// A whole value. A timestamp becomes one of the contract's; what JSON cannot say is null. False: nested too deep, or a
// map with a key that is no text.
bool append_msgpack_as_json(std::string_view value, std::string& out);

}  // namespace tidemark
