// The outbox: what waits to be written to one live client. Bounded; who is slow skips, not waits.
//
//     push ──▶ [ frames waiting ] ──▶ next_write ──▶ socket ──▶ written
//                    │ more than max_bytes
//                    └──▶ dropped, the client is behind: he gets a snapshot once his socket is free
//
// A frame whose writing has begun is always written to its end.
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

  // A frame of the stream. True when it made the client fall behind.
  bool push(Frame frame);
  // A whole picture in place of everything that was missed; clears behind().
  void push_snapshot(Frame frame);
  // Pong, ping or close: small, and sent even to who is behind. The last one waiting counts.
  void push_control(Frame frame);

  bool behind() const { return behind_; }
  std::size_t waiting_bytes() const { return stream_bytes_; }
  bool empty() const { return entries_.empty(); }

  // The bytes to write next, in order; they stay valid until written() is called. At most one write
  // at a time.
  std::vector<std::string_view> next_write();
  // So many of them are gone, or none because the write failed.
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
  std::size_t begun_ = 0;         // entries at the front that a write has in hand
  std::size_t offset_ = 0;        // bytes of the first entry that are gone
  std::size_t stream_bytes_ = 0;  // of the entries of that kind
  bool behind_ = false;
};

}  // namespace tidemark
