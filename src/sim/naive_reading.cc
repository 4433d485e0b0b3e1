#include "sim/naive_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "core/time/timestamp.h"
#include "sim/naive_text.h"

namespace tidemark::sim {
namespace {

template <typename Value, typename Write>
std::string or_null(const std::optional<Value>& value, Write write) {
  return value ? write(*value) : "null";
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// Of the texts that a script has: quotes, tabs and CRs are all there is to escape.
std::string json_string(const std::string& text) {
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') out += '\\';
    if (letter == '\t')
      out += "\\t";
    else if (letter == '\r')
      out += "\\r";
    else
      out += letter;
  }
  return out + "\"";
}

// Binary search for the largest whole number whose square is not above.
Int128 square_root(Int128 number) {
  Int128 low = 0, high = static_cast<Int128>(1) << 62;
  while (low < high) {
    const Int128 middle = (low + high + 1) / 2;
    if (middle <= number / middle)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

}  // namespace

void NaiveReading::read(const Line& line) {
  switch (line.meaning) {
    case Line::Meaning::Blank:
      break;
    case Line::Meaning::Heartbeat:
      heartbeat_ = heartbeat_ ? std::max(*heartbeat_, line.time) : line.time;
      observe(line.time);
      break;
    case Line::Meaning::End:
      if (!open_.empty()) observe(open_.rbegin()->first.first + windows_.delay);
      break;
    case Line::Meaning::Limit:
      limit_ = line.limit;
      break;
    case Line::Meaning::Lower:
      lower(line.time);
      break;
    case Line::Meaning::NoBar:
      reject(line.reason, line.field, line);
      break;
    case Line::Meaning::Bar:
      if (heartbeat_ && line.bar.time > *heartbeat_ + std::chrono::hours(1))
        reject("ahead_of_heartbeat", "timestamp", line);
      else if (limit_ > 0 && line.bar.time - line.record.ingested_at > std::chrono::seconds(limit_))
        reject("ahead_of_feed", "timestamp", line);
      else
        take(line.bar, line);
      break;
  }
  ++position_;
}

void NaiveReading::observe(EventTime time) {
  largest_ = largest_ ? std::max(*largest_, time) : time;
  while (!open_.empty() && open_.begin()->first.first <= *largest_ - windows_.delay) {
    close(open_.begin()->first, open_.begin()->second);
    EventTime& last = last_final_.emplace(open_.begin()->first.second, EventTime::min()).first->second;
    last = std::max(last, open_.begin()->first.first);
    open_.erase(open_.begin());
  }
}

// 3.2: a window that opens again holds the bars of its interval that are held.
void NaiveReading::lower(EventTime to) {
  if (heartbeat_) heartbeat_ = std::min(*heartbeat_, to + windows_.delay);
  if (!largest_) return;
  largest_ = std::min(*largest_, to + windows_.delay);
  for (const auto& [key, window] : std::map(open_))
    for (const auto& [time, bar] : window.bars)
      for (EventTime start = floor_to(time, windows_.slide); start > time - windows_.size; start -= windows_.slide)
        if (is_open(bar.symbol, start + windows_.size)) {
          Window& opened = open_[{start + windows_.size, bar.symbol}];
          opened.bars[time] = bar;
          opened.records[time] = window.records.at(time);
        }
}

// 3.2, 3.3
bool NaiveReading::is_open(const std::string& symbol, EventTime end) const {
  const auto last = last_final_.find(symbol);
  return end > *largest_ - windows_.delay && (last == last_final_.end() || end > last->second);
}

void NaiveReading::take(const ScriptBar& bar, const Line& line) {
  ++expected_.account.read;
  observe(bar.time);
  std::vector<Key> keys;  // of the open windows, the last to close first
  for (EventTime start = floor_to(bar.time, windows_.slide); start > bar.time - windows_.size; start -= windows_.slide)
    if (is_open(bar.symbol, start + windows_.size)) keys.push_back({start + windows_.size, bar.symbol});
  if (keys.empty()) {
    ++expected_.account.late;
    expected_.late_bars.push_back(line.record.value);
    return judged(bar, "late");
  }
  const ScriptBar* held = nullptr;
  if (const auto last = open_.find(keys.front()); last != open_.end())
    if (const auto found = last->second.bars.find(bar.time); found != last->second.bars.end()) held = &found->second;
  if (held && *held == bar) {
    ++expected_.account.duplicate;
    return;
  }
  const bool is_correction = held != nullptr;
  ++(is_correction ? expected_.account.corrected : expected_.account.accepted);
  for (const Key& key : keys) {
    Window& window = open_[key];
    window.bars[bar.time] = bar;
    ++window.records[bar.time];
  }
  judged(bar, is_correction ? "corrected" : "accepted");
}

void NaiveReading::reject(const std::string& reason, const std::string& field, const Line& line) {
  ++expected_.account.read;
  ++expected_.account.rejected;
  const bool is_text = line.record.value != "\xff\xfe";  // the only bytes of a script that are no text
  expected_.dead_letters.push_back(fmt::format(
      R"({{"reason":"{}","field":"{}","source":"alpaca_trends","position":{},"record":{}{}}})", reason, field,
      position_, is_text ? json_string(line.record.value) : "null", is_text ? "" : R"(,"record_base64":"//4=")"));
}

void NaiveReading::judged(const ScriptBar& bar, const char* verdict) {
  const auto price = [](std::int64_t units) { return shortest(units); };
  const std::string vwap = or_null(bar.vwap, price), feed = or_null(bar.feed, quoted),
                    trades = or_null(bar.trade_count, [](std::int64_t count) { return digits(count); }),
                    time = format_timestamp(bar.time);
  expected_.judged_bars.push_back(fmt::format(
      R"({{"symbol":"{}","timestamp":"{}","open":{},"high":{},"low":{},"close":{},"volume":{},"vwap":{},)"
      R"("price_change":{},"pct_change":{},"direction":"{}","trade_count":{},"feed":{},"verdict":"{}","position":{}}})",
      bar.symbol, time, price(bar.open), price(bar.high), price(bar.low), price(bar.close), shortest(bar.volume), vwap,
      shortest(bar.price_change), shortest(bar.pct_change), bar.direction, trades, feed, verdict, position_));
  const std::int64_t nanos = nanos_since_epoch(bar.time);
  expected_.bar_rows.push_back(fmt::format(
      "dt={} symbol={} timestamp={} open={} high={} low={} close={} vwap={} volume={} price_change={} pct_change={} "
      "direction={} trade_count={} feed={} verdict={} late={} position={} timestamp_ns={} imported=null",
      format_date(bar.time), bar.symbol, nanos / 1'000, price(bar.open), price(bar.high), price(bar.low),
      price(bar.close), vwap, shortest(bar.volume), shortest(bar.price_change), shortest(bar.pct_change), bar.direction,
      trades, bar.feed.value_or("null"), verdict, verdict == std::string_view("late"), position_, nanos));
}

void NaiveReading::close(const Key& key, const Window& window) {
  const auto n = static_cast<Int128>(window.bars.size());
  Int128 sum = 0, squares = 0, volume = 0, vwaps = 0, pct = 0, ups = 0, vwap_count = 0;
  Int128 most = 0, least = 0;
  std::size_t places = 4, volume_places = 0;
  std::optional<std::string> feed = window.bars.begin()->second.feed;
  std::int64_t revision = 0;
  for (const auto& [time, count] : window.records) revision += count;
  for (const auto& [time, bar] : window.bars) {
    most = sum == 0 ? bar.close : std::max<Int128>(most, bar.close);
    least = sum == 0 ? bar.close : std::min<Int128>(least, bar.close);
    sum += bar.close;
    squares += static_cast<Int128>(bar.close) * bar.close;
    volume += bar.volume;
    places = std::max(places, std::min<std::size_t>(decimals(bar.close) + 2, 9));
    volume_places = std::max(volume_places, decimals(bar.volume));
    pct += bar.pct_change;
    if (bar.direction == "up") ++ups;
    if (bar.vwap) {
      vwaps += *bar.vwap;
      ++vwap_count;
    }
    if (bar.feed != feed) feed.reset();
  }
  const Int128 unit = unit_of(places), volume_unit = unit_of(volume_places);
  const auto price = [&](Int128 units) { return fixed(units, places); };
  const Int128 avg_close = round_division(sum, n * unit) * unit,
               avg_volume = round_division(volume, n * volume_unit) * volume_unit;
  std::optional<Int128> volatility, avg_vwap, deviation;
  if (n > 1) volatility = (square_root(4 * (n * squares - sum * sum) / (n * (n - 1)) / (unit * unit)) + 1) / 2 * unit;
  if (vwap_count > 0) avg_vwap = round_division(vwaps, vwap_count * unit) * unit;
  if (vwaps > 0) deviation = round_division((vwap_count * sum - n * vwaps) * 1'000'000, n * vwaps);
  const Int128 range = most - least, above_low = 10 * (sum - n * least);
  const std::string avg_pct = text4(round_division(pct, n * 100'000)),
                    pressure = text4(round_division(ups * 10'000, n));
  const std::string start = format_window_time(key.first - windows_.size), end = format_window_time(key.first);
  const char* signal = above_low > 6 * n * range ? "BULLISH" : above_low < 4 * n * range ? "BEARISH" : "NEUTRAL";
  expected_.trends.push_back(fmt::format(
      R"({{"symbol":"{}","window_start":"{}","window_end":"{}","avg_close":{},"max_close":{},"min_close":{},)"
      R"("avg_volume":{},"volatility":{},"avg_vwap":{},"avg_pct_change":{},"buy_pressure":{},"bar_count":{},)"
      R"("price_range":{},"vwap_deviation_pct":{},"trend_signal":"{}","status":"final","revision":{},"feed":{}}})",
      key.second, start, end, price(avg_close), price(most), price(least), fixed(avg_volume, volume_places),
      or_null(volatility, price), or_null(avg_vwap, price), avg_pct, pressure, digits(n), price(range),
      or_null(deviation, text4), signal, revision, or_null(feed, quoted)));
  // The lake's doubles are read with as many places as they can have here.
  const auto nine = [](Int128 units) { return fixed(units, 9); };
  const auto four = [](Int128 units) { return fixed(units * 100'000, 9); };
  expected_.trend_rows.push_back(fmt::format(
      "dt={} symbol={} window_start={} window_end={} avg_close={} max_close={} min_close={} avg_volume={} "
      "volatility={} "
      "avg_vwap={} avg_pct_change={} buy_pressure={} bar_count={} price_range={} vwap_deviation_pct={} trend_signal={} "
      "revision={} feed={}",
      start.substr(0, 10), key.second, start, end, nine(avg_close), nine(most), nine(least), nine(avg_volume),
      or_null(volatility, nine), or_null(avg_vwap, nine), four(round_division(pct, n * 100'000)),
      four(round_division(ups * 10'000, n)), digits(n), nine(range), or_null(deviation, four), signal, revision,
      feed.value_or("null")));
}

Expected NaiveReading::finish() {
  std::map<std::string, std::set<EventTime>> held;
  for (const auto& [key, window] : open_)
    for (const auto& [time, bar] : window.bars) held[key.second].insert(time);
  expected_.open_symbols = held.size();
  expected_.symbols_with_finals = last_final_.size();
  for (const auto& [symbol, times] : held) expected_.open_bars += times.size();
  return std::move(expected_);
}

}  // namespace tidemark::sim
