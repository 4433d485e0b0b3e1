#include "io/alpaca/feed_news.h"

#include <fmt/format.h>

#include <chrono>

#include "io/net/server_words.h"

namespace tidemark {
namespace {

constexpr int lines_a_minute = 10;         // of what is no error
constexpr std::size_t bytes_of_name = 40;  // of a symbol that a server has made up

Counter& refused(Metrics& metrics, std::string from) {
  return metrics.counter("tidemark_alpaca_refused_bars_total", "Bars that nobody asked for, by where they came from.",
                         {{"from", std::move(from)}});
}

}  // namespace

FeedNews::FeedNews(std::string_view feed, Journal& journal, Metrics& metrics)
    : feed_(feed),
      journal_(journal),
      calls_(metrics.counter("tidemark_alpaca_history_calls_total", "Calls of Alpaca's history.")),
      limited_(metrics.counter("tidemark_alpaca_history_limited_total", "Of them, answered with 429.")),
      failures_(metrics.counter("tidemark_alpaca_history_failures_total", "Questions that history did not answer.")),
      failing_(metrics.gauge("tidemark_alpaca_history_failing", "1 while history does not answer what it is asked.")),
      lost_(metrics.counter("tidemark_alpaca_stream_lost_total", "Connections of the stream that ended.")),
      refused_of_stream_(refused(metrics, "stream")),
      refused_of_history_(refused(metrics, "history")) {}

void FeedNews::warn(std::string_view event, std::string_view field, std::string_view text, std::uint64_t times) {
  if (const auto all = pace_.take(event, wall_, 1, times))
    journal_.warning(event, {{"feed", feed_}, {field, std::string(text)}, {"times", std::to_string(*all)}});
}

bool FeedNews::may_tell(std::string_view event) { return pace_.take(event, wall_, lines_a_minute).has_value(); }

void FeedNews::lost(std::string_view why, Duration again_in) {
  lost_.add(1);
  if (const auto times = pace_.take("alpaca.lost", wall_))
    journal_.warning("alpaca.lost",
                     {{"feed", feed_},
                      {"why", std::string(why)},
                      {"again_in", fmt::format("{:.1f}s", std::chrono::duration<double>(again_in).count())},
                      {"times", std::to_string(*times)}});
}

void FeedNews::refused_bar(std::string_view symbol) {
  ++refused_bars_;
  refused_of_stream_.add(1);
  warn("alpaca.bar_refused", "symbol", server_words(symbol, bytes_of_name));
}

void FeedNews::history_failed(std::string_view why) {
  failures_.add(1);
  failing_.set(1);
  why_no_history_ = why;
}

void FeedNews::history_owes_nothing() {
  failing_.set(0);
  why_no_history_.clear();
}

void FeedNews::look_at(const SliceAccount& account) {
  calls_.set(static_cast<double>(account.calls.calls));
  limited_.set(static_cast<double>(account.calls.refused));
  refused_of_history_.set(static_cast<double>(account.refused_bars));
  if (const auto more = account.refused_bars - told_.refused_bars; more > 0)
    warn("alpaca.bar_refused", "symbol", server_words(account.refused_symbol, bytes_of_name), more);
  if (const auto more = account.calls.refused - told_.calls.refused; more > 0)
    warn("alpaca.history_limited", "in_a_row", std::to_string(account.calls.refused_in_a_row), more);
  told_ = account;
}

std::string FeedNews::trouble_text(bool is_asked) const {
  std::string text;
  if (is_asked && told_.calls.refused_in_a_row > 0)
    text = fmt::format("; history answers 429 (too many calls), {} in a row", told_.calls.refused_in_a_row);
  else if (!why_no_history_.empty())
    text = "; history: " + why_no_history_;
  if (const std::uint64_t refused = refused_bars_ + told_.refused_bars; refused > 0)
    text += fmt::format("; {} bars refused that nobody asked for", refused);
  return text;
}

}  // namespace tidemark
