#include "io/serve/message_deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "core/check.h"

namespace tidemark::websocket {
namespace {

constexpr std::string_view end_of_block("\x00\x00\xff\xff", 4);  // ends every message, omitted on the wire (§7.2.1)
constexpr int window_bits = 15;
constexpr int level = 1;  // the fastest

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The text up to the separator; removes both from `text`.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  return trimmed(part);
}

// A smaller window than ours would bind us, so such an offer is skipped; the client may have made another.
std::optional<std::string> agree_to(std::string_view offer) {
  if (take(offer, ';') != "permessage-deflate") return std::nullopt;
  std::string answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  while (!offer.empty()) {
    std::string_view value = take(offer, ';');
    const std::string_view name = take(value, '=');
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (name == "server_max_window_bits") {
      if (value != "15") return std::nullopt;
      answer += "; server_max_window_bits=15";
    } else if (name != "client_max_window_bits" && name != "server_no_context_takeover" &&
               name != "client_no_context_takeover") {
      return std::nullopt;
    }
  }
  return answer;
}

// Reused for all messages, because creating one costs more than compressing a short message. On the server's thread.
z_stream& packer() {
  struct Packer {
    z_stream stream{};
    Packer() {
      if (::deflateInit2(&stream, level, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    }
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    ~Packer() { ::deflateEnd(&stream); }
  };
  thread_local Packer packer;
  ::deflateReset(&packer.stream);
  return packer.stream;
}

std::string pack(std::string_view payload) {
  z_stream& stream = packer();
  std::string packed(::deflateBound(&stream, payload.size()) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(payload.data()));
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  CHECK(::deflate(&stream, Z_SYNC_FLUSH) == Z_OK && stream.avail_in == 0);
  packed.resize(packed.size() - stream.avail_out);
  CHECK(packed.ends_with(end_of_block));
  packed.resize(packed.size() - end_of_block.size());
  return packed;
}

}  // namespace

std::optional<std::string> agree_to_deflate(std::string_view offers) {
  while (!offers.empty())
    if (auto answer = agree_to(take(offers, ','))) return answer;
  return std::nullopt;
}

std::string packed_frame(Opcode opcode, std::string_view payload) {
  constexpr unsigned is_packed = 0x40;  // RSV1 of the first byte
  if (payload.size() < least_packed_bytes) return frame(opcode, payload);
  std::string bytes = frame(opcode, pack(payload));
  bytes.front() = static_cast<char>(static_cast<unsigned char>(bytes.front()) | is_packed);
  return bytes;
}

std::expected<std::string, CloseCode> unpack_message(std::string_view packed, std::size_t most_bytes) {
  z_stream stream{};
  if (::inflateInit2(&stream, -window_bits) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, ::inflateEnd);
  std::string message;
  for (const std::string_view part : {packed, end_of_block}) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream.avail_in = static_cast<uInt>(part.size());
    std::array<char, 1'024> some;
    for (bool is_full = true; is_full;) {
      stream.next_out = reinterpret_cast<Bytef*>(some.data());
      stream.avail_out = some.size();
      const int outcome = ::inflate(&stream, Z_SYNC_FLUSH);
      if (outcome != Z_OK && outcome != Z_BUF_ERROR && outcome != Z_STREAM_END)
        return std::unexpected(CloseCode::ProtocolError);
      const std::size_t got = some.size() - stream.avail_out;
      if (message.size() + got > most_bytes) return std::unexpected(CloseCode::TooBig);
      message.append(some.data(), got);
      is_full = outcome == Z_OK && stream.avail_out == 0;
      if (outcome == Z_STREAM_END) return message;
    }
  }
  return message;
}

}  // namespace tidemark::websocket
