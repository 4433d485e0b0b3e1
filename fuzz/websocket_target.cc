// WebSocket frames: the events are the same however the bytes are split. The output is never longer than the input, and
// a compressed message never longer than the limit. A frame masked like a client's comes out unchanged.
#include <string>
#include <vector>

#include "core/check.h"
#include "fuzz/target.h"
#include "io/serve/message_deflate.h"
#include "io/serve/websocket.h"

namespace tidemark::fuzz {
namespace {

using websocket::Deflate;
using websocket::Opcode;
using websocket::Reader;

constexpr std::size_t longest = 4'096;

struct Seen {
  std::vector<std::pair<Opcode, std::string>> events;
  std::optional<websocket::CloseCode> broken;
  friend bool operator==(const Seen&, const Seen&) = default;
};

Seen read(std::string_view bytes, std::size_t piece, Deflate deflate = Deflate::No) {
  Reader reader(longest, deflate);
  Seen seen;
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (auto event = reader.next()) seen.events.emplace_back(event->opcode, std::move(event->payload));
  }
  seen.broken = reader.broken();
  return seen;
}

std::string masked(Opcode opcode, std::string_view payload) {
  std::string bytes = websocket::frame(opcode, payload);
  const std::size_t head = bytes.size() - payload.size();
  bytes[1] = static_cast<char>(bytes[1] | 0x80);
  constexpr std::string_view mask("\x12\x00\xff\x7f", 4);
  for (std::size_t i = 0; i < payload.size(); ++i) bytes[head + i] ^= mask[i % 4];
  return bytes.insert(head, mask);
}

// The first byte says how the rest is split.
const Registered websocket_frames("websocket", [](std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = static_cast<unsigned char>(bytes[0]) % 16 + 1;
  bytes.remove_prefix(1);

  const Seen whole = read(bytes, bytes.size());
  CHECK(whole == read(bytes, piece));
  std::size_t carried = 0;
  for (const auto& [opcode, payload] : whole.events) {
    const bool control = static_cast<int>(opcode) >= 8;
    CHECK(payload.size() <= (control ? 125 : longest));
    carried += payload.size();
  }
  CHECK(carried <= bytes.size());

  // Compressed messages keep to the limit after decompression, too.
  const Seen unpacked = read(bytes, bytes.size(), Deflate::Agreed);
  CHECK(unpacked == read(bytes, piece, Deflate::Agreed));
  for (const auto& event : unpacked.events) CHECK(event.second.size() <= longest);
  (void)websocket::agree_to_deflate(bytes);

  const std::string_view payload = bytes.substr(0, longest);
  const Seen back = read(masked(Opcode::Text, payload), piece);
  CHECK(!back.broken && back.events.size() == 1);
  CHECK(back.events[0].first == Opcode::Text && back.events[0].second == payload);
  CHECK(read(websocket::frame(Opcode::Text, payload), piece).broken == websocket::CloseCode::ProtocolError);
});

}  // namespace
}  // namespace tidemark::fuzz
