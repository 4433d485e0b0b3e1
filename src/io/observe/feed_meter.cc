#include "io/observe/feed_meter.h"

#include <fmt/format.h>

#include <string>

namespace tidemark {
namespace {

class MetricsOfFeed final : public FeedMeter {
 public:
  MetricsOfFeed(std::string_view source, std::string_view vendor, Metrics& metrics)
      : metrics_(metrics),
        source_(source),
        calls_(counter("history_calls_total", fmt::format("Calls of {}'s history.", vendor))),
        limited_(counter("history_limited_total", "Of them, answered with 429.")),
        failures_(counter("history_failures_total", "Questions that history did not answer.")),
        failing_(metrics.gauge(name("history_failing"), "1 while history does not answer what it is asked.")),
        lost_(counter("stream_lost_total", "Connections of the stream that ended.")),
        refused_of_stream_(refused("stream")),
        refused_of_history_(refused("history")),
        jumps_(metrics.counter("tidemark_clock_jumps_total", "Times that the wall clock was found to be wrong.")),
        ahead_(metrics.gauge("tidemark_clock_ahead_seconds",
                             "So much the wall clock is ahead of the time that the feed believes.")) {}

  void show(const FeedCounts& counts) override {
    calls_.set(static_cast<double>(counts.history_calls));
    limited_.set(static_cast<double>(counts.history_limited));
    failures_.set(static_cast<double>(counts.history_failures));
    failing_.set(counts.is_history_failing ? 1 : 0);
    lost_.set(static_cast<double>(counts.stream_lost));
    refused_of_stream_.set(static_cast<double>(counts.refused_of_stream));
    refused_of_history_.set(static_cast<double>(counts.refused_of_history));
    jumps_.set(static_cast<double>(counts.clock_jumps));
    ahead_.set(counts.clock_ahead_seconds);
  }

 private:
  std::string name(std::string_view of) const { return fmt::format("tidemark_{}_{}", source_, of); }
  Counter& counter(std::string_view of, std::string_view help) { return metrics_.counter(name(of), help); }
  Counter& refused(std::string from) {
    return metrics_.counter(name("refused_bars_total"), "Bars that nobody asked for, by where they came from.",
                            {{"from", std::move(from)}});
  }

  Metrics& metrics_;
  std::string source_;
  Counter &calls_, &limited_, &failures_;
  Gauge& failing_;
  Counter &lost_, &refused_of_stream_, &refused_of_history_, &jumps_;
  Gauge& ahead_;
};

}  // namespace

std::unique_ptr<FeedMeter> make_feed_meter(std::string_view source, std::string_view vendor, Metrics& metrics) {
  return std::make_unique<MetricsOfFeed>(source, vendor, metrics);
}

}  // namespace tidemark
