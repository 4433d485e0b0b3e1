// Replays: stored days replayed beside the live stream (docs/api.md).
//
//     GET  /api/v1/replays             the stored days and the running replays
//     POST /api/v1/replays             begins one
//     GET  /api/v1/replays/ID          its state
//     POST /api/v1/replays/ID          play, pause, speed, step, seek, end
//          /api/v1/replays/ID/live …   like /api/v1/live, /status, /symbols, /trends, /bars of the live run
//
// On the server's thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/serve/access.h"
#include "io/serve/endpoint.h"
#include "io/serve/replay.h"
#include "run/interfaces/past_days.h"

namespace tidemark {

// What replays need; without `past` there are none.
struct ReplayNeeds {
  const PastDays* past = nullptr;  // used by several threads
  WindowSpec windows = {};
  std::string version = {};
};

struct ReplayOptions {
  Allow allowed = Allow::Never;
  std::size_t at_once = 4;
  HubOptions hub;
};

class Replays {
 public:
  Replays(boost::asio::io_context& io, ReplayOptions options, ReplayNeeds needs, const Clock& clock, Journal& journal)
      : io_(io), options_(options), needs_(std::move(needs)), clock_(clock), journal_(journal) {}

  ~Replays();  // waits for their threads
  Replays(const Replays&) = delete;
  Replays& operator=(const Replays&) = delete;

  // The replay whose stream has this path; null if there is none.
  std::shared_ptr<Replay> stream_at(std::string_view path);
  // Answers a GET; empty if it is not a path of replays.
  std::optional<Response> answer(const Request& request);
  // Answer a POST.
  Response begin(const Request& request);
  Response change(const Request& request);

  void beat();
  void close_expired(const Access& access);
  bool close();

 private:
  struct Place {
    std::shared_ptr<Replay> replay;
    std::string_view rest;  // "/live"
  };
  std::optional<Place> find(std::string_view path);
  std::optional<Response> refusal() const;
  void end(std::shared_ptr<Replay> replay);
  Response list() const;

  boost::asio::io_context& io_;
  ReplayOptions options_;
  ReplayNeeds needs_;
  const Clock& clock_;
  Journal& journal_;
  std::map<std::string, std::shared_ptr<Replay>, std::less<>> replays_;  // by id
  std::vector<std::shared_ptr<Replay>> leaving_;                         // their threads are still running
};

inline constexpr std::string_view replays_path = "/api/v1/replays";

}  // namespace tidemark
