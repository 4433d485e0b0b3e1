// Converts MessagePack to JSON text, as far as Alpaca's stream uses it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// How many values follow the array header at the beginning; empty if there is no array. `header_bytes` is the length of
// the header; 0 if an array begins but its header is incomplete.
std::optional<std::uint32_t> msgpack_array_size(std::string_view bytes, std::size_t& header_bytes);

// True if the bytes begin like a recorded message: a map, or an array of maps, whose first key is a short text.
bool begins_as_msgpack_message(std::string_view bytes);

// The number of bytes of the value at the beginning. 0: incomplete; empty: not MessagePack.
std::optional<std::size_t> msgpack_value_bytes(std::string_view bytes);

// Appends a complete value as JSON. A timestamp is written as the contract's timestamps; what JSON cannot express is
// null. False: nested too deeply, or a map with a key that is no text.
bool append_msgpack_as_json(std::string_view value, std::string& out);

}  // namespace tidemark
