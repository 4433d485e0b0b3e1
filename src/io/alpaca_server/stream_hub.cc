#include "io/alpaca_server/stream_hub.h"

#include <algorithm>
#include <array>
#include <string>

#include "io/alpaca_server/history_view.h"

namespace tidemark {
namespace {

constexpr Duration feed_delay = std::chrono::minutes(15);  // of delayed_sip
constexpr Duration late_after = 2 * bar_length;
constexpr std::size_t bars_in_frame = 500;

bool is_crypto_feed(StreamFeed feed) { return feed == StreamFeed::Crypto; }

}  // namespace

// A bar to send, encoded once for each encoding.
struct StreamHub::Event {
  char type;
  std::size_t symbol;
  TapeBar bar;
  bool late = false, twice = false;
  std::array<std::string, 2> text = {};
};

StreamHub::StreamHub(MarketTape& tape, Faults& faults, EventTime start)
    : tape_(tape), faults_(faults), done_(floor_to(start, step)) {}

std::size_t StreamHub::connections_of(std::string_view key, StreamFeed feed) const {
  return static_cast<std::size_t>(std::ranges::count_if(sessions_, [&](const StreamSession* session) {
    return session->key() == key && is_crypto_feed(session->options().feed) == is_crypto_feed(feed);
  }));
}

void StreamHub::advance(EventTime now) {
  while (next_step() <= now) {
    Sessions prompt, delayed;
    for (StreamSession* session : sessions_)
      if (session->subscription().wants_any_bar())
        (session->options().feed == StreamFeed::DelayedStocks ? delayed : prompt).push_back(session);
    if (prompt.empty() && delayed.empty()) {
      done_ = floor_to(now, step);
      return;
    }
    const EventTime after = done_, until = done_ += step;
    if (!prompt.empty()) deliver(prompt, after, until);
    if (!delayed.empty()) deliver(delayed, after - feed_delay, until - feed_delay);
  }
}

void StreamHub::deliver(const Sessions& sessions, EventTime after, EventTime until) {
  auto due = events(wanted(sessions), after, until);
  if (due.empty()) return;
  // A session that falls behind here leaves only later, when its connection ends, so `sessions` stays valid.
  for (StreamSession* session : sessions) send(*session, due);
}

std::vector<StreamHub::Wanted> StreamHub::wanted(const Sessions& sessions) const {
  std::vector<Wanted> symbols;
  for (std::size_t symbol = 0; symbol < tape_.size(); ++symbol) {
    const std::string& name = tape_.name(symbol);
    const auto somebody = [&](bool (Subscription::*wants)(std::string_view) const) {
      return std::ranges::any_of(sessions,
                                 [&](const StreamSession* each) { return (each->subscription().*wants)(name); });
    };
    const bool day = somebody(&Subscription::wants_day);
    if (day || somebody(&Subscription::wants_bar) || somebody(&Subscription::wants_update))
      symbols.push_back({symbol, day});
  }
  return symbols;
}

std::vector<StreamHub::Event> StreamHub::events(const std::vector<Wanted>& symbols, EventTime after, EventTime until) {
  const auto due = [&](std::size_t symbol, Duration delay) {  // bars whose time + delay lies in (after, until]
    return tape_.between(symbol, after - delay + Duration(1), until - delay + Duration(1));
  };
  const HistoryView known(tape_, faults_, until);
  const bool sends_late = faults_.options().late.millionths > 0;
  std::vector<Event> bars, late, days, updates;
  for (const auto& [symbol, day] : symbols) {
    const std::string& name = tape_.name(symbol);
    for (const TapeBar& bar : due(symbol, bar_length)) {
      if (faults_.is_late(name, bar.time)) continue;
      bars.push_back({.type = 'b',
                      .symbol = symbol,
                      .bar = faults_.first_version(name, bar).value_or(bar),
                      .twice = faults_.is_duplicate(name, bar.time)});
      if (day) days.push_back({.type = 'd', .symbol = symbol, .bar = known.day_until(symbol, bar.time)});
    }
    if (sends_late)
      for (const TapeBar& bar : due(symbol, late_after))
        if (faults_.is_late(name, bar.time))
          late.push_back(
              {.type = 'b', .symbol = symbol, .bar = bar, .late = true, .twice = faults_.is_duplicate(name, bar.time)});
    for (const TapeBar& bar : due(symbol, correction_after))
      if (faults_.first_version(name, bar)) updates.push_back({.type = 'u', .symbol = symbol, .bar = bar});
  }
  std::ranges::stable_sort(bars, {}, [](const Event& event) { return event.bar.time; });
  for (auto* more : {&late, &days, &updates})
    bars.insert(bars.end(), std::make_move_iterator(more->begin()), std::make_move_iterator(more->end()));
  return bars;
}

void StreamHub::send(StreamSession& session, std::vector<Event>& events) {
  const Encoding encoding = session.options().encoding;
  const Subscription& wish = session.subscription();
  BarFrame frame(encoding), again(encoding);
  for (Event& event : events) {
    const std::string& name = tape_.name(event.symbol);
    const bool wanted = event.type == 'b'   ? wish.wants_bar(name)
                        : event.type == 'u' ? wish.wants_update(name)
                                            : wish.wants_day(name);
    if (!wanted) continue;
    std::string& text = event.text[static_cast<std::size_t>(encoding)];
    if (text.empty()) text = stream_text::bar(encoding, event.type, name, event.bar);
    frame.add(text);
    if (event.twice) again.add(text);
    ++bars_sent_;
    faults_.counts.late_bars += event.late ? 1 : 0;
    faults_.counts.duplicate_bars += event.twice ? 1 : 0;
    faults_.counts.corrected_bars += event.type == 'u' ? 1 : 0;
    if (frame.size() == bars_in_frame) session.send_bars(frame.take());
  }
  if (frame.size() > 0) session.send_bars(frame.take());
  if (again.size() > 0) session.send_bars(again.take());
}

}  // namespace tidemark
