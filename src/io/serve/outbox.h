// The outbox: what waits to be written to one live client. It is bounded; a slow client skips messages.
//
//     push ──▶ [ frames waiting ] ──▶ next_write ──▶ socket ──▶ written
//                    │ more than max_bytes
//                    └──▶ dropped; the client is behind and gets a snapshot once its socket is free
//
// A frame of which writing has begun is always written completely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

using Frame = std::shared_ptr<const std::string>;  // one frame for all clients

class Outbox {
 public:
  explicit Outbox(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Adds a frame of the stream. True if this made the client fall behind.
  bool push(Frame frame);
  // Adds a snapshot, which replaces everything missed. Clears behind().
  void push_snapshot(Frame frame);
  // Adds a pong, ping or close: small, and sent even to a client that is behind. Replaces a waiting control frame.
  void push_control(Frame frame);

  bool behind() const { return behind_; }
  std::size_t waiting_bytes() const { return stream_bytes_; }
  bool empty() const { return entries_.empty(); }

  // The bytes to write next, in order. They stay valid until written() is called. At most one write at a time.
  std::vector<std::string_view> next_write();
  // `bytes` of them are written; 0 if the write failed.
  void written(std::size_t bytes);

 private:
  enum class Kind : std::uint8_t { Stream, Snapshot, Control };
  struct Entry {
    Frame frame;
    Kind kind;
  };

  void drop_waiting();

  static constexpr std::size_t frames_in_a_write = 64, bytes_in_a_write = 2 * 1'024 * 1'024;

  std::size_t max_bytes_;
  std::deque<Entry> entries_;
  std::size_t begun_ = 0;         // entries at the front that are being written
  std::size_t offset_ = 0;        // bytes of the first entry that are written
  std::size_t stream_bytes_ = 0;  // of the entries of that kind
  bool behind_ = false;
};

}  // namespace tidemark
