// Computes speed, freshness and latencies from the committed batches, and writes the status JSON.
#include "run/page/run_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

constexpr Duration speed_span = std::chrono::seconds{5};

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void append_time(std::optional<EventTime> time, std::string& out) {
  if (!time) {
    out += "null";
    return;
  }
  out += '"';
  append_timestamp(*time, out);
  out += '"';
}

void append_jump(const std::optional<WatermarkJump>& jump, std::string& out) {
  if (!jump) {
    out += "null";
    return;
  }
  out += R"({"bar":)";
  append_time(jump->bar, out);
  out += R"(,"from":)";
  append_time(jump->from, out);
  out += R"(,"to":)";
  append_time(jump->to, out);
  fmt::format_to(std::back_inserter(out), R"(,"late":{}}})", jump->late);
}

void append_number(std::optional<double> number, int places, std::string& out) {
  if (number) {
    fmt::format_to(std::back_inserter(out), "{:.{}f}", *number, places);
  } else {
    out += "null";
  }
}

void append_milliseconds(std::optional<Duration> wait, std::string& out) {
  append_number(wait ? std::optional(1'000 * seconds(*wait)) : std::nullopt, 3, out);
}

}  // namespace

void RecentWaits::add(Duration wait) {
  wait = std::max(wait, Duration::zero());  // the wall clock may have been set back
  if (waits_.size() < capacity) {
    waits_.push_back(wait);
    return;
  }
  waits_[next_] = wait;
  next_ = (next_ + 1) % capacity;
}

std::optional<Duration> RecentWaits::quantile(double share) const {
  if (waits_.empty()) return std::nullopt;
  std::vector<Duration> waits = waits_;
  const auto last = static_cast<double>(waits.size() - 1);
  const auto rank = static_cast<std::ptrdiff_t>(std::lround(share * last));
  std::nth_element(waits.begin(), waits.begin() + rank, waits.end());
  return waits[static_cast<std::size_t>(rank)];
}

void RunStatus::restore(const LiveBatch& batch) {
  account_ = batch.account;
  watermark_ = batch.watermark;
  event_time_ = batch.event_time;
  jump_ = batch.jump;
  beats_.clear();
}

void RunStatus::committed(const LiveBatch& batch, EventTime now) {
  if (account_ == Account{} && !batch.ingested_at) return restore(batch);
  const Account& next = batch.account;
  if (next.accepted + next.corrected > account_.accepted + account_.corrected) last_bar_ = now;
  account_ = next;
  watermark_ = batch.watermark;
  event_time_ = batch.event_time;
  jump_ = batch.jump;
}

void RunStatus::beat(EventTime now) {
  while (!beats_.empty() && (now - beats_.front().at > speed_span || now <= beats_.front().at)) {
    beats_.pop_front();
  }
  if (!beats_.empty()) {
    const auto& [since, read] = beats_.front();
    bars_per_second_ = static_cast<double>(account_.read - read) / seconds(now - since);
  }
  beats_.push_back({now, account_.read});
}

std::optional<Session> RunStatus::session(const FeedStatus& feed, EventTime now) const {
  if (feed.speed == 1.0) return session_at(now);
  if (!event_time_) return std::nullopt;
  return session_at(*event_time_);
}

std::optional<double> RunStatus::last_bar_age_seconds(EventTime now) const {
  if (!last_bar_) return std::nullopt;
  return std::max(0.0, seconds(now - *last_bar_));
}

double RunStatus::uptime_seconds(EventTime now) const { return std::max(0.0, seconds(now - started_)); }

void RunStatus::append_status(const FeedStatus& feed, std::size_t symbols, EventTime now, std::string& out) const {
  out += R"({"version":)";
  append_json_string(version_, out);
  out += R"(,"feed":{"name":)";
  append_json_string(feed.name, out);
  out += R"(,"state":)";
  append_json_string(to_string(feed.state), out);
  out += R"(,"detail":)";
  append_json_string(feed.detail, out);
  out += R"(,"speed":)";
  if (feed.speed) {
    fmt::format_to(std::back_inserter(out), "{}", *feed.speed);
  } else {
    out += "null";
  }
  out += R"(},"watermark":)";
  append_time(watermark_, out);
  out += R"(,"event_time":)";
  append_time(event_time_, out);
  out += R"(,"session":)";
  if (const auto session = this->session(feed, now))
    append_json_string(to_string(*session), out);
  else
    out += "null";
  fmt::format_to(std::back_inserter(out),
                 R"(,"account":{{"read":{},"accepted":{},"duplicate":{},"corrected":{},"late":{},"rejected":{}}})",
                 account_.read, account_.accepted, account_.duplicate, account_.corrected, account_.late,
                 account_.rejected);
  out += R"(,"bars_per_second":)";
  append_number(bars_per_second_, 1, out);
  out += R"(,"last_bar_age_seconds":)";
  append_number(last_bar_age_seconds(now), 1, out);
  fmt::format_to(std::back_inserter(out), R"(,"symbols":{},"latency_ms":{{"p50":)", symbols);
  append_milliseconds(waits_.quantile(0.50), out);
  out += R"(,"p99":)";
  append_milliseconds(waits_.quantile(0.99), out);
  out += R"(},"uptime_seconds":)";
  append_number(uptime_seconds(now), 1, out);
  out += R"(,"watermark_jump":)";
  append_jump(jump_, out);
  out += R"(,"lagging":)";
  if (lagging_.empty())
    out += "null";
  else
    append_json_string(lagging(), out);
  out += '}';
}

void RunStatus::set_lagging(const std::string& what, const std::string& reason) {
  if (reason.empty())
    lagging_.erase(what);
  else
    lagging_[what] = reason;
}

std::string RunStatus::lagging() const {
  std::string text;
  for (const auto& [what, reason] : lagging_) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, reason);
  return text;
}

}  // namespace tidemark
