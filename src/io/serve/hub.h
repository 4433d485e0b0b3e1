// The hub: all live clients and the frames they get. On the server's thread.
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

// The limits for slow clients (ServerOptions).
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
  void fell_behind();  // reported by the client

  // Applies a committed batch to the board and sends it to all clients.
  void deliver(const LiveBatch& batch);
  // Adds rows of the past to the board. Once they are complete, end_history() sends new snapshots to the clients that
  // connected earlier.
  void add_history(const std::vector<Trend>& trends);
  void end_history();
  // Once a second: sends the status to all clients and drops stalled ones.
  void beat();
  // Disconnects clients whose token expired or was revoked.
  void close_expired(const Access& access);
  // Disconnects all clients. True if there were any.
  bool close(std::string_view reason);
  // After close(), once a second: drops those that take too long to leave.
  void beat_clients();
  // Keeps none of them any longer. For the end, when nobody works for them any more.
  void forget_clients();
  // Sends a message that is not of the board and has no sequence. Later clients get the last one, too.
  void announce(std::string_view message);

  bool has_clients() const { return !clients_.empty(); }
  std::size_t waiting_bytes() const;  // of the slowest client

  // For a client that reconnects: a confirmation, then what it missed. Empty: it needs a snapshot.
  std::optional<std::vector<Frame>> resume(const LiveRequest& wanted) const;
  std::optional<Frame> announced() const { return announced_; }
  // The snapshot for a client that is new or fell behind, in all its parts. Clients with the same request share one.
  Frame snapshot(const SnapshotRequest& wanted, websocket::Deflate deflate);

 private:
  bool has_listeners(EventTime now);
  void send(std::string_view message);
  // Sends the message, framed as each client accepts it: at most two forms.
  void broadcast(std::string_view message, const Frame& plain);
  void forget_snapshots();

  HubOptions options_;
  Board& board_;
  const Clock& clock_;
  Journal& journal_;
  Metrics& metrics_;
  std::function<FeedStatus()> feed_;
  std::unordered_set<std::shared_ptr<LiveClient>> clients_;
  // Kept for a while after the last client has left, because it may reconnect.
  RecentMessages recent_;
  EventTime last_client_{};
  std::optional<Frame> announced_;

  struct LastSnapshot {
    SnapshotRequest wanted;
    std::int64_t sequence = 0;
    Frame frame;  // cleared by each beat: the status in it gets old
  };
  std::array<LastSnapshot, 2> last_snapshots_;  // plain and packed

  Gauge& client_count_;
  Counter& frames_;
  Counter& rows_;
  Counter& fallen_behind_;
  Histogram& push_seconds_;
};

}  // namespace tidemark
