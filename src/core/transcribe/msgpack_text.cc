#include "core/transcribe/msgpack_text.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr int deepest = 32;

enum class Kind : std::uint8_t {
  Nil,
  False,
  True,
  Unsigned,
  Signed,
  Float,
  Double,
  Text,
  Binary,
  Array,
  Map,
  Extension
};

// What the first bytes of a value tell.
struct Header {
  Kind kind = Kind::Nil;
  std::size_t bytes = 1;     // of the header itself
  std::uint64_t number = 0;  // the value, or how many bytes, elements or members follow
  std::uint8_t type = 0;     // of an extension
};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

enum class Reading : std::uint8_t { Good, NotWhole, NoMessagePack };

// A header with a number of `width` bytes after the first byte.
Reading read_sized(std::string_view bytes, Kind kind, std::size_t width, Header& header) {
  if (bytes.size() < 1 + width) return Reading::NotWhole;
  header = {kind, 1 + width, big_endian(bytes.substr(1, width)), 0};
  return Reading::Good;
}

// An extension: its size, in `width` bytes or fixed, then its type.
Reading read_extension(std::string_view bytes, std::size_t width, std::uint64_t fixed, Header& header) {
  if (bytes.size() < 2 + width) return Reading::NotWhole;
  header = {Kind::Extension, 2 + width, width == 0 ? fixed : big_endian(bytes.substr(1, width)),
            static_cast<std::uint8_t>(bytes[1 + width])};
  return Reading::Good;
}

Reading read_header(std::string_view bytes, Header& header) {
  if (bytes.empty()) return Reading::NotWhole;
  const auto first = static_cast<unsigned char>(bytes.front());
  const auto small = [&](Kind kind, unsigned mask) {
    header = {kind, 1, first & mask, 0};
    return Reading::Good;
  };
  if (first <= 0x7f) return small(Kind::Unsigned, 0x7f);
  if (first <= 0x8f) return small(Kind::Map, 0x0f);
  if (first <= 0x9f) return small(Kind::Array, 0x0f);
  if (first <= 0xbf) return small(Kind::Text, 0x1f);
  if (first >= 0xe0) {
    header = {Kind::Signed, 1, static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int8_t>(first))),
              0};
    return Reading::Good;
  }
  switch (first) {
    case 0xc0:
      return small(Kind::Nil, 0);
    case 0xc2:
      return small(Kind::False, 0);
    case 0xc3:
      return small(Kind::True, 0);
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return read_sized(bytes, Kind::Binary, std::size_t{1} << (first - 0xc4), header);
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return read_extension(bytes, std::size_t{1} << (first - 0xc7), 0, header);
    case 0xca:
      return read_sized(bytes, Kind::Float, 4, header);
    case 0xcb:
      return read_sized(bytes, Kind::Double, 8, header);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return read_sized(bytes, Kind::Unsigned, std::size_t{1} << (first - 0xcc), header);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: {
      const std::size_t width = std::size_t{1} << (first - 0xd0);
      const Reading reading = read_sized(bytes, Kind::Signed, width, header);
      const auto unused = static_cast<int>(64 - 8 * width);
      header.number = static_cast<std::uint64_t>(static_cast<std::int64_t>(header.number << unused) >> unused);
      return reading;
    }
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return read_extension(bytes, 0, std::uint64_t{1} << (first - 0xd4), header);
    case 0xd9:
    case 0xda:
    case 0xdb:
      return read_sized(bytes, Kind::Text, std::size_t{1} << (first - 0xd9), header);
    case 0xdc:
    case 0xdd:
      return read_sized(bytes, Kind::Array, std::size_t{2} << (first - 0xdc), header);
    case 0xde:
    case 0xdf:
      return read_sized(bytes, Kind::Map, std::size_t{2} << (first - 0xde), header);
    default:
      return Reading::NoMessagePack;
  }
}

bool has_body(Kind kind) { return kind == Kind::Text || kind == Kind::Binary || kind == Kind::Extension; }

// Timestamps of 32, 64 and 96 bits (the specification's "timestamp extension type"); other extensions become null.
void append_extension(std::uint8_t type, std::string_view body, std::string& out) {
  std::int64_t seconds = 0;
  std::uint64_t nanos = 0;
  if (body.size() == 4) {
    seconds = static_cast<std::int64_t>(big_endian(body));
  } else if (body.size() == 8) {
    const std::uint64_t both = big_endian(body);
    nanos = both >> 34;
    seconds = static_cast<std::int64_t>(both & ((std::uint64_t{1} << 34) - 1));
  } else if (body.size() == 12) {
    nanos = big_endian(body.substr(0, 4));
    seconds = static_cast<std::int64_t>(big_endian(body.substr(4)));
  }
  constexpr std::int64_t most_seconds = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 1;
  const bool is_time = type == 0xff && (body.size() == 4 || body.size() == 8 || body.size() == 12);
  if (!is_time || nanos >= 1'000'000'000 || seconds < 0 || seconds > most_seconds) {
    out += "null";
    return;
  }
  out += '"';
  append_timestamp(event_time_from_nanos(seconds * 1'000'000'000 + static_cast<std::int64_t>(nanos)), out);
  out += '"';
}

template <typename Float>
void append_float(Float value, std::string& out) {
  out += std::isfinite(value) ? fmt::format("{}", value) : "null";  // the shortest that reads back
}

// Reads the value at the beginning of `bytes`, which is complete.
bool take_value(std::string_view& bytes, int depth, std::string& out) {
  Header header;
  if (depth > deepest || read_header(bytes, header) != Reading::Good) return false;
  bytes.remove_prefix(header.bytes);
  const std::string_view body = has_body(header.kind) ? bytes.substr(0, header.number) : std::string_view();
  bytes.remove_prefix(body.size());
  switch (header.kind) {
    case Kind::Nil:
    case Kind::Binary:
      out += "null";
      return true;
    case Kind::False:
      out += "false";
      return true;
    case Kind::True:
      out += "true";
      return true;
    case Kind::Unsigned:
      fmt::format_to(std::back_inserter(out), "{}", header.number);
      return true;
    case Kind::Signed:
      fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(header.number));
      return true;
    case Kind::Float:
      append_float(std::bit_cast<float>(static_cast<std::uint32_t>(header.number)), out);
      return true;
    case Kind::Double:
      append_float(std::bit_cast<double>(header.number), out);
      return true;
    case Kind::Text:
      append_json_string(body, out);
      return true;
    case Kind::Extension:
      append_extension(header.type, body, out);
      return true;
    case Kind::Array:
      out += '[';
      for (std::uint64_t i = 0; i < header.number; ++i) {
        if (i > 0) out += ',';
        if (!take_value(bytes, depth + 1, out)) return false;
      }
      out += ']';
      return true;
    case Kind::Map:
      out += '{';
      for (std::uint64_t i = 0; i < header.number; ++i) {
        if (i > 0) out += ',';
        Header key;
        if (read_header(bytes, key) != Reading::Good || key.kind != Kind::Text) return false;
        if (!take_value(bytes, depth + 1, out)) return false;
        out += ':';
        if (!take_value(bytes, depth + 1, out)) return false;
      }
      out += '}';
      return true;
  }
  return false;
}

}  // namespace

std::optional<std::uint32_t> msgpack_array_size(std::string_view bytes, std::size_t& header_bytes) {
  Header header;
  const Reading reading = read_header(bytes, header);
  header_bytes = 0;
  const bool is_cut = reading == Reading::NotWhole && !bytes.empty() && (bytes[0] == '\xdc' || bytes[0] == '\xdd');
  if (is_cut) return 0;
  if (reading != Reading::Good || header.kind != Kind::Array) return std::nullopt;
  header_bytes = header.bytes;
  return static_cast<std::uint32_t>(header.number);
}

bool begins_as_msgpack_message(std::string_view bytes) {
  Header header;
  if (read_header(bytes, header) != Reading::Good) return false;
  if (header.kind == Kind::Array && header.number > 0) {
    bytes.remove_prefix(header.bytes);
    if (read_header(bytes, header) != Reading::Good) return false;
  }
  if (header.kind != Kind::Map || header.number == 0) return false;
  bytes.remove_prefix(header.bytes);
  constexpr std::uint64_t longest_key = 16;
  return read_header(bytes, header) == Reading::Good && header.kind == Kind::Text && header.number <= longest_key;
}

std::optional<std::size_t> msgpack_value_bytes(std::string_view bytes) {
  std::size_t at = 0;
  for (std::uint64_t left = 1; left > 0; --left) {
    Header header;
    switch (read_header(bytes.substr(at), header)) {
      case Reading::NotWhole:
        return 0;
      case Reading::NoMessagePack:
        return std::nullopt;
      case Reading::Good:
        break;
    }
    at += header.bytes;
    if (has_body(header.kind)) {
      if (bytes.size() - at < header.number) return 0;
      at += header.number;
    }
    if (header.kind == Kind::Array) left += header.number;
    if (header.kind == Kind::Map) left += 2 * header.number;
    if (left > bytes.size() + 1) return 0;  // each has a byte at least
  }
  return at;
}

bool append_msgpack_as_json(std::string_view value, std::string& out) { return take_value(value, 1, out); }

}  // namespace tidemark
