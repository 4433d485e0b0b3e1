// Handshake, outgoing frames, incoming frames (RFC 6455, sections 4.2.2 and 5).
#include "io/serve/websocket.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"
#include "core/wire/base64.h"
#include "io/serve/message_deflate.h"

namespace tidemark::websocket {
namespace {

// 16 bytes are 22 digits and two padding characters.
bool is_key(std::string_view key) {
  return key.size() == 24 && key.ends_with("==") && key.substr(0, 22).find_first_not_of(base64_alphabet) == key.npos;
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<std::uint8_t>(byte);
  return value;
}

// The handshake requires SHA-1; it protects nothing there.
std::string sha1(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
  return {digest.begin(), digest.begin() + size};
}

bool is_control(unsigned opcode) { return opcode >= 8; }
bool is_known(unsigned opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

}  // namespace

std::optional<std::string> accept_key(std::string_view key) {
  if (!is_key(key)) return std::nullopt;
  std::string accepted;
  append_base64(sha1(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"), accepted);
  return accepted;
}

std::string frame(Opcode opcode, std::string_view payload) {
  std::string bytes;
  bytes.reserve(payload.size() + 10);
  bytes += static_cast<char>(0x80 | static_cast<unsigned>(opcode));  // whole: no fragment follows
  const auto append_length = [&](unsigned marker, int bits) {
    bytes += static_cast<char>(marker);
    for (int shift = bits - 8; shift >= 0; shift -= 8) {
      bytes += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift);
    }
  };
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size());
  } else if (payload.size() < 65'536) {
    append_length(126, 16);
  } else {
    append_length(127, 64);
  }
  bytes += payload;
  return bytes;
}

std::string close_frame(CloseCode code, std::string_view reason) {
  const auto number = static_cast<std::uint16_t>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
  payload += reason.substr(0, 123);
  return frame(Opcode::Close, payload);
}

std::optional<Reader::Event> Reader::fail(CloseCode code) {
  broken_ = code;
  bytes_.clear();
  return std::nullopt;
}

std::optional<Reader::Event> Reader::next() {
  while (!broken_) {
    if (bytes_.size() < 2) return std::nullopt;
    const unsigned first = static_cast<std::uint8_t>(bytes_[0]);
    const unsigned second = static_cast<std::uint8_t>(bytes_[1]);
    const bool whole = (first & 0x80) != 0;
    const unsigned opcode = first & 0x0f;
    std::uint64_t length = second & 0x7f;
    const bool masked = (second & 0x80) != 0;
    const bool packed = (first & 0x40) != 0;
    const bool begins =
        opcode == static_cast<unsigned>(Opcode::Text) || opcode == static_cast<unsigned>(Opcode::Binary);
    if ((first & 0x30) != 0 || (packed && !(begins && deflate_ == Deflate::Agreed)) || !is_known(opcode) || !masked)
      return fail(CloseCode::ProtocolError);
    if (is_control(opcode) && (!whole || length > 125)) return fail(CloseCode::ProtocolError);

    std::size_t at = 2;
    if (length >= 126) {
      const std::size_t size = length == 126 ? 2 : 8;
      if (bytes_.size() < at + size) return std::nullopt;
      length = big_endian(std::string_view(bytes_).substr(at, size));
      at += size;
    }
    if (!is_control(opcode)) {
      const bool continues = opcode == static_cast<unsigned>(Opcode::Continuation);
      if (continues != fragmented_.has_value()) return fail(CloseCode::ProtocolError);
      if (length > max_message_bytes_ - message_.size()) return fail(CloseCode::TooBig);
    }
    if (bytes_.size() < at + 4 || bytes_.size() - at - 4 < length) return std::nullopt;

    const std::string mask = bytes_.substr(at, 4);
    std::string payload = bytes_.substr(at + 4, length);
    for (std::size_t i = 0; i < payload.size(); ++i) payload[i] ^= mask[i % 4];
    bytes_.erase(0, at + 4 + length);

    if (is_control(opcode)) return Event{static_cast<Opcode>(opcode), std::move(payload)};
    if (!fragmented_) fragmented_ = static_cast<Opcode>(opcode), is_packed_ = packed;
    message_ += payload;
    if (!whole) continue;
    if (is_packed_) {
      auto unpacked = unpack_message(message_, max_message_bytes_);
      if (!unpacked) return fail(unpacked.error());
      message_ = std::move(*unpacked);
    }
    Event event{*fragmented_, std::move(message_)};
    message_.clear();
    fragmented_.reset();
    return event;
  }
  return std::nullopt;
}

}  // namespace tidemark::websocket
