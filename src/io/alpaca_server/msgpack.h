// MessagePack as far as Alpaca's stream uses it: a writer, and a reader into the same tree as that of JSON.
//
// A map is written as its size, then its members, each name before its value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/number/integer.h"
#include "core/result.h"
#include "core/time/time.h"
#include "io/net/json_value.h"

namespace tidemark {

namespace msgpack {

void append_array_size(std::size_t size, std::string& out);
void append_map_size(std::size_t size, std::string& out);
void append_text(std::string_view text, std::string& out);
void append_integer(std::int64_t value, std::string& out);
void append_double(double value, std::string& out);
void append_null(std::string& out);
// Extension -1: seconds, and nanoseconds if there are any.
void append_timestamp(EventTime time, std::string& out);
// Units of 1e-9: the nearest double …
void append_decimal(Int128 nanos, std::string& out);
// … but a whole number as an integer, if it fits.
void append_quantity(Int128 nanos, std::string& out);

}  // namespace msgpack

// Accepts what fits into the tree: no binary, no extensions, nothing nested deeper than 32. Error::permanent for
// anything else.
Result<JsonValue> parse_msgpack(std::string_view bytes);

}  // namespace tidemark
