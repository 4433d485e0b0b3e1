// One replay: a board, a hub and an API of its own, which the page takes in place of the live ones.
//
//     drive's thread ── batches, one at a time ──▶ server's thread: board, hub ──▶ its clients
//
// On the server's thread, but for what the drive calls. Held by the room's list, by its clients, and by what is on its way.
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

  // Once a second. False: nobody has watched or asked for a minute.
  bool beat();
  void touch();

 private:
  void hear(LiveBatch batch, As as) override;
  void begin_anew() override;
  void arrive() override;
  void look(ReplayState state) override;

  template <typename What>
  void on_server(What what);
  void wait_until_taken();
  void taken();
  void let_them_catch_up();
  void show(ReplayState state);
  void speak();
  RunStatus new_vitals() const { return RunStatus(plan_.version, clock_.now()); }
  FeedStatus feed() const;

  boost::asio::io_context& io_;
  Plan plan_;
  const Clock& clock_;
  Metrics metrics_;  // of its clients; they are none of the live stream
  ReplayState state_;
  std::optional<Board> board_;
  Hub hub_;
  Api api_;
  EventTime touched_;
  bool speaks_soon_ = false;

  std::mutex mutex_;
  std::condition_variable turn_;
  bool is_taken_ = true;
  ReplayDrive drive_;  // the first to end
};

}  // namespace tidemark
