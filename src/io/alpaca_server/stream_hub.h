// StreamHub: sends each bar to its subscribers when its minute is over.
//
//     market time   14:30:00      14:31:00                14:31:30
//     bar of 14:30  begins        sent (b), the day (d)   corrected (u), if it was wrong at first
//
// Market time moves in steps of half a minute, and advance() performs all steps that are due. The delayed feed sends
// the same a quarter of an hour later.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "io/alpaca_server/faults.h"
#include "io/alpaca_server/stream_session.h"
#include "io/alpaca_server/tape.h"

namespace tidemark {

class StreamHub : public StreamSession::Others {
 public:
  static constexpr Duration step = std::chrono::seconds(30);

  StreamHub(MarketTape& tape, Faults& faults, EventTime start);

  void join(StreamSession& session) { sessions_.push_back(&session); }
  void leave(const StreamSession& session) { std::erase(sessions_, &session); }
  std::size_t size() const { return sessions_.size(); }
  std::size_t connections_of(std::string_view key, StreamFeed feed) const override;

  EventTime next_step() const { return done_ + step; }
  void advance(EventTime now);

  std::uint64_t bars_sent() const { return bars_sent_; }

 private:
  struct Event;
  using Sessions = std::vector<StreamSession*>;

  void deliver(const Sessions& sessions, EventTime after, EventTime until);
  struct Wanted {
    std::size_t symbol = 0;
    bool day = false;  // daily bars, too
  };
  std::vector<Wanted> wanted(const Sessions& sessions) const;
  std::vector<Event> events(const std::vector<Wanted>& symbols, EventTime after, EventTime until);
  void send(StreamSession& session, std::vector<Event>& events);

  MarketTape& tape_;
  Faults& faults_;
  EventTime done_;  // everything up to here has been sent
  Sessions sessions_;
  std::uint64_t bars_sent_ = 0;
};

}  // namespace tidemark
