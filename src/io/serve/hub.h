// The hub: all live clients, and the frames they get. On the server's thread.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "io/observe/metrics.h"
#include "io/serve/access.h"
#include "io/serve/api.h"
#include "io/serve/outbox.h"
#include "io/serve/recent_messages.h"
#include "io/serve/websocket.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/journal.h"
#include "run/page/board.h"

namespace tidemark {

class LiveClient;

// How patient the hub is (ServerOptions).
struct HubOptions {
  std::size_t max_queue_bytes = 0;
  unsigned stalled_seconds = 0;
  unsigned behind_seconds = 0;
};

class Hub {
 public:
  Hub(HubOptions options, Board& board, const Clock& clock, Journal& journal, Metrics& metrics,
      std::function<FeedStatus()> feed);
  ~Hub();

  const HubOptions& options() const { return options_; }

  void join(std::shared_ptr<LiveClient> client);
  void leave(const std::shared_ptr<LiveClient>& client, const char* reason);
  void fell_behind();  // a client says so of himself

  // What was committed, to the board and to everybody.
  void deliver(const LiveBatch& batch);
  // Rows that belong to the past, to the board; and once they are there, a new picture for who had come before them.
  void add_history(const std::vector<Trend>& trends);
  void end_history();
  // Once a second: the status to everybody, patience with nobody.
  void beat();
  // Goodbye to whoever came with a token that has come to its end.
  void expel(const Access& access);
  // Goodbye to everybody. True when there is somebody to say it to.
  bool close(std::string_view reason);
  // A message that is none of the board's: it has no sequence. The last one is told to who comes later, too.
  void announce(std::string_view message);

  bool has_clients() const { return !clients_.empty(); }
  std::size_t waiting_bytes() const;  // for the slowest

  // For who comes back: a word that he is known, then what he missed. None: he needs a snapshot.
  std::optional<std::vector<Frame>> resume(const LiveWish& wish) const;
  std::optional<Frame> announced() const { return announced_; }
  // The picture for who joins or has fallen behind, all parts of it. Made once for all who want the same now.
  Frame snapshot(const SnapshotWish& wish, websocket::Deflate deflate);

 private:
  bool is_heard(EventTime now);
  void tell(std::string_view message);
  // The message, framed as each client may get it: at most twice.
  void broadcast(std::string_view message, const Frame& plain);
  void forget_snapshots();

  HubOptions options_;
  Board& board_;
  const Clock& clock_;
  Journal& journal_;
  Metrics& metrics_;
  std::function<FeedStatus()> feed_;
  std::unordered_set<std::shared_ptr<LiveClient>> clients_;
  // Kept up for a while after the last client has left, because he may be the one who comes back.
  RecentMessages recent_;
  EventTime last_heard_{};
  std::optional<Frame> announced_;

  struct LastSnapshot {
    SnapshotWish wish;
    std::int64_t sequence = 0;
    Frame frame;  // none after each beat: the status in it grows old
  };
  std::array<LastSnapshot, 2> last_snapshots_;  // plain and packed

  Gauge& client_count_;
  Counter& frames_;
  Counter& rows_;
  Counter& fallen_behind_;
  Histogram& push_seconds_;
};

}  // namespace tidemark
