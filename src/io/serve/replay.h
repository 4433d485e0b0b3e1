// One replay: it has its own board, hub and API, which the page uses in place of the live ones.
//
//     drive's thread ── batches, one at a time ──▶ server's thread: board, hub ──▶ its clients
//
// On the server's thread, except for what the drive calls. Owned by the list of replays, its clients, and pending
// operations.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "io/serve/api.h"
#include "io/serve/hub.h"
#include "io/serve/replay_drive.h"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the library calls it so
}

namespace tidemark {

class Replay final : public ReplayAudience, public std::enable_shared_from_this<Replay> {
 public:
  struct Plan {
    std::string id, version;
    std::chrono::sys_days day;
    ReplayStart start;
    ReplayDrive::Open open;
    HubOptions hub;
  };
  Replay(boost::asio::io_context& io, Plan plan, const Clock& clock, Journal& journal);
  ~Replay() override;

  const std::string& id() const { return plan_.id; }
  void start() { drive_.start(); }
  ReplayDrive& drive() { return drive_; }
  Hub& hub() { return hub_; }
  const Api& api() const { return api_; }
  std::string describe() const;  // STATE of docs/api.md

  // Once a second. False: no one has watched or used it for a minute.
  bool beat();
  void touch();

 private:
  void receive(LiveBatch batch, As as) override;
  void reset() override;
  void end_seek() override;
  void update_state(ReplayState state) override;

  template <typename What>
  void on_server(What what);
  void wait_until_taken();
  void taken();
  void wait_for_clients();
  void show(ReplayState state);
  void announce();
  RunStatus new_status() const { return RunStatus(plan_.version, clock_.now()); }
  FeedStatus feed() const;

  boost::asio::io_context& io_;
  Plan plan_;
  const Clock& clock_;
  Metrics metrics_;  // of its clients; they do not count as live clients
  ReplayState state_;
  std::optional<Board> board_;
  Hub hub_;
  Api api_;
  EventTime touched_;
  bool announcement_due_ = false;

  std::mutex mutex_;
  std::condition_variable turn_;
  bool is_taken_ = true;
  ReplayDrive drive_;  // ends first
};

}  // namespace tidemark
