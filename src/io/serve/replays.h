// Replays: stored days that somebody looks at again, beside the live stream (docs/api.md).
//
//     GET  /api/v1/replays             the days there are, the replays that run
//     POST /api/v1/replays             begins one
//     GET  /api/v1/replays/ID          how it stands
//     POST /api/v1/replays/ID          play, pause, speed, step, seek, end
//          /api/v1/replays/ID/live …   what /api/v1/live, /status, /symbols, /trends, /bars are to the live run
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

// What a replay is made of; without `past` there are none.
struct ReplayNeeds {
  const PastDays* past = nullptr;  // asked from several threads
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

  ~Replays();  // waits for their threads: nothing comes from them any more
  Replays(const Replays&) = delete;
  Replays& operator=(const Replays&) = delete;

  // Where somebody wants to listen; none: that is no address of a replay's stream.
  std::shared_ptr<Replay> stream_at(std::string_view path);
  // To GET; none: no path of these.
  std::optional<Response> answer(const Request& request);
  // To POST.
  Response begin(const Request& request);
  Response change(const Request& request);

  void beat();
  void expel(const Access& access);
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
  std::vector<std::shared_ptr<Replay>> leaving_;                         // their threads still run
};

inline constexpr std::string_view replays_path = "/api/v1/replays";

}  // namespace tidemark
