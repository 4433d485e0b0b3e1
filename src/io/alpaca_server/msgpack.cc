#include "io/alpaca_server/msgpack.h"

#include <bit>
#include <charconv>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr std::int64_t nanos_per_whole = 1'000'000'000;

template <typename Unsigned>
void append_big_endian(Unsigned value, std::string& out) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
}

void append_head(unsigned char type, std::string& out) { out += static_cast<char>(type); }

double nearest_double(Int128 nanos) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (nanos < exact && nanos > -exact) return static_cast<double>(static_cast<std::int64_t>(nanos)) / 1e9;
  std::string text;
  append_decimal(nanos, text);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::optional<JsonValue> value(int depth);
  bool at_end() const { return rest_.empty(); }

 private:
  template <typename Unsigned>
  std::optional<std::uint64_t> number() {
    if (rest_.size() < sizeof(Unsigned)) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i) value = value << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(sizeof(Unsigned));
    return value;
  }
  template <typename Unsigned>
  std::optional<JsonValue> integer() {
    const auto bits = number<Unsigned>();
    if (!bits) return std::nullopt;
    if (*bits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return real();
    return whole(static_cast<std::int64_t>(*bits));
  }
  template <typename Signed>
  std::optional<JsonValue> signed_integer() {
    const auto bits = number<Signed>();
    if (!bits) return std::nullopt;
    return whole(static_cast<Signed>(*bits));
  }
  std::optional<JsonValue> text(std::optional<std::uint64_t> size);
  std::optional<JsonValue> array(std::optional<std::uint64_t> size, int depth);
  std::optional<JsonValue> map(std::optional<std::uint64_t> size, int depth);
  static JsonValue whole(std::int64_t value) {
    JsonValue found{
        .kind = JsonValue::Kind::Integer, .boolean = false, .integer = value, .text = {}, .names = {}, .items = {}};
    return found;
  }
  static JsonValue real() { return of(JsonValue::Kind::Real); }
  static JsonValue of(JsonValue::Kind kind) {
    JsonValue found;
    found.kind = kind;
    return found;
  }
  static JsonValue truth(bool is_true) {
    JsonValue found = of(JsonValue::Kind::Boolean);
    found.boolean = is_true;
    return found;
  }

  std::string_view rest_;
};

std::optional<JsonValue> Reader::text(std::optional<std::uint64_t> size) {
  if (!size || *size > rest_.size()) return std::nullopt;
  JsonValue found = of(JsonValue::Kind::String);
  found.text = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  return found;
}

std::optional<JsonValue> Reader::array(std::optional<std::uint64_t> size, int depth) {
  if (!size || *size > rest_.size()) return std::nullopt;
  JsonValue found = of(JsonValue::Kind::Array);
  for (std::uint64_t i = 0; i < *size; ++i) {
    auto item = value(depth + 1);
    if (!item) return std::nullopt;
    found.items.push_back(std::move(*item));
  }
  return found;
}

std::optional<JsonValue> Reader::map(std::optional<std::uint64_t> size, int depth) {
  if (!size || *size > rest_.size()) return std::nullopt;
  JsonValue found = of(JsonValue::Kind::Object);
  for (std::uint64_t i = 0; i < *size; ++i) {
    auto name = value(depth + 1);
    if (!name || name->kind != JsonValue::Kind::String) return std::nullopt;
    auto item = value(depth + 1);
    if (!item) return std::nullopt;
    found.names.push_back(std::move(name->text));
    found.items.push_back(std::move(*item));
  }
  return found;
}

std::optional<JsonValue> Reader::value(int depth) {
  constexpr int deepest = 32;
  const auto type = number<std::uint8_t>();
  if (!type || depth > deepest) return std::nullopt;
  if (*type <= 0x7f) return whole(static_cast<std::int64_t>(*type));
  if (*type >= 0xe0) return whole(static_cast<std::int8_t>(*type));
  if (*type <= 0x8f) return map(*type & 0x0f, depth);
  if (*type <= 0x9f) return array(*type & 0x0f, depth);
  if (*type <= 0xbf) return text(*type & 0x1f);
  switch (*type) {
    case 0xc0:
      return JsonValue{};
    case 0xc2:
    case 0xc3:
      return truth(*type == 0xc3);
    case 0xca:
      if (!number<std::uint32_t>()) return std::nullopt;
      return real();
    case 0xcb:
      if (!number<std::uint64_t>()) return std::nullopt;
      return real();
    case 0xcc:
      return integer<std::uint8_t>();
    case 0xcd:
      return integer<std::uint16_t>();
    case 0xce:
      return integer<std::uint32_t>();
    case 0xcf:
      return integer<std::uint64_t>();
    case 0xd0:
      return signed_integer<std::int8_t>();
    case 0xd1:
      return signed_integer<std::int16_t>();
    case 0xd2:
      return signed_integer<std::int32_t>();
    case 0xd3:
      return signed_integer<std::int64_t>();
    case 0xd9:
      return text(number<std::uint8_t>());
    case 0xda:
      return text(number<std::uint16_t>());
    case 0xdb:
      return text(number<std::uint32_t>());
    case 0xdc:
      return array(number<std::uint16_t>(), depth);
    case 0xdd:
      return array(number<std::uint32_t>(), depth);
    case 0xde:
      return map(number<std::uint16_t>(), depth);
    case 0xdf:
      return map(number<std::uint32_t>(), depth);
    default:
      return std::nullopt;
  }
}

}  // namespace

namespace msgpack {

void append_array_size(std::size_t size, std::string& out) {
  if (size < 16) return append_head(static_cast<unsigned char>(0x90 | size), out);
  if (size <= 0xffff) {
    append_head(0xdc, out);
    return append_big_endian(static_cast<std::uint16_t>(size), out);
  }
  append_head(0xdd, out);
  append_big_endian(static_cast<std::uint32_t>(size), out);
}

void append_map_size(std::size_t size, std::string& out) {
  if (size < 16) return append_head(static_cast<unsigned char>(0x80 | size), out);
  append_head(0xde, out);
  append_big_endian(static_cast<std::uint16_t>(size), out);
}

void append_text(std::string_view text, std::string& out) {
  if (text.size() < 32) {
    append_head(static_cast<unsigned char>(0xa0 | text.size()), out);
  } else if (text.size() <= 0xff) {
    append_head(0xd9, out);
    append_big_endian(static_cast<std::uint8_t>(text.size()), out);
  } else {
    append_head(0xdb, out);
    append_big_endian(static_cast<std::uint32_t>(text.size()), out);
  }
  out += text;
}

void append_integer(std::int64_t value, std::string& out) {
  if (value < 0) {
    append_head(0xd3, out);
    return append_big_endian(static_cast<std::uint64_t>(value), out);
  }
  const auto size = static_cast<std::uint64_t>(value);
  if (size < 0x80) return append_head(static_cast<unsigned char>(size), out);
  if (size <= 0xffff) {
    append_head(0xcd, out);
    return append_big_endian(static_cast<std::uint16_t>(size), out);
  }
  if (size <= 0xffff'ffff) {
    append_head(0xce, out);
    return append_big_endian(static_cast<std::uint32_t>(size), out);
  }
  append_head(0xcf, out);
  append_big_endian(size, out);
}

void append_double(double value, std::string& out) {
  append_head(0xcb, out);
  append_big_endian(std::bit_cast<std::uint64_t>(value), out);
}

void append_null(std::string& out) { append_head(0xc0, out); }

void append_timestamp(EventTime time, std::string& out) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto nanos = static_cast<std::uint64_t>((time - second).count());
  const auto seconds = static_cast<std::uint64_t>(second.time_since_epoch().count());
  if (nanos == 0 && seconds <= 0xffff'ffff) {
    append_head(0xd6, out);
    append_head(0xff, out);
    return append_big_endian(static_cast<std::uint32_t>(seconds), out);
  }
  if (seconds < std::uint64_t{1} << 34) {
    append_head(0xd7, out);
    append_head(0xff, out);
    return append_big_endian(nanos << 34 | seconds, out);
  }
  append_head(0xc7, out);
  append_head(12, out);
  append_head(0xff, out);
  append_big_endian(static_cast<std::uint32_t>(nanos), out);
  append_big_endian(seconds, out);
}

void append_decimal(Int128 nanos, std::string& out) { append_double(nearest_double(nanos), out); }

void append_quantity(Int128 nanos, std::string& out) {
  const Int128 whole = nanos / nanos_per_whole;
  if (whole * nanos_per_whole == nanos && whole == static_cast<std::int64_t>(whole))
    append_integer(static_cast<std::int64_t>(whole), out);
  else
    append_decimal(nanos, out);
}

}  // namespace msgpack

Result<JsonValue> parse_msgpack(std::string_view bytes) {
  Reader reader(bytes);
  auto value = reader.value(0);
  if (!value || !reader.at_end()) return std::unexpected(Error::permanent("this is no MessagePack"));
  return std::move(*value);
}

}  // namespace tidemark
