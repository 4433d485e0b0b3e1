#include "run/live_feed/feed_news.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "core/wire/server_words.h"

namespace tidemark {
namespace {

constexpr int lines_a_minute = 10;         // of what is no error
constexpr std::size_t bytes_of_name = 40;  // of a symbol that a server has made up

}  // namespace

FeedNews::FeedNews(std::string source, std::string feed, Journal& journal, FeedCounts& counts)
    : source_(std::move(source)), feed_(std::move(feed)), journal_(journal), counts_(counts) {}

void FeedNews::warn(std::string_view name, std::string_view field, std::string_view text, std::uint64_t times) {
  const std::string of_source = event(name);
  if (const auto all = pace_.take(of_source, wall_, 1, times))
    journal_.warning(of_source, {{"feed", feed_}, {field, std::string(text)}, {"times", std::to_string(*all)}});
}

bool FeedNews::may_tell(std::string_view event) { return pace_.take(event, wall_, lines_a_minute).has_value(); }

void FeedNews::lost(std::string_view why, Duration again_in) {
  ++counts_.stream_lost;
  const std::string of_source = event("lost");
  if (const auto times = pace_.take(of_source, wall_))
    journal_.warning(of_source, {{"feed", feed_},
                                 {"why", std::string(why)},
                                 {"again_in", fmt::format("{:.1f}s", std::chrono::duration<double>(again_in).count())},
                                 {"times", std::to_string(*times)}});
}

void FeedNews::refused_bar(std::string_view symbol) {
  ++counts_.refused_of_stream;
  warn("bar_refused", "symbol", server_words(symbol, bytes_of_name));
}

void FeedNews::history_failed(std::string_view why) {
  ++counts_.history_failures;
  counts_.is_history_failing = true;
  why_no_history_ = why;
}

void FeedNews::history_owes_nothing() {
  counts_.is_history_failing = false;
  why_no_history_.clear();
}

void FeedNews::look_at(const SliceAccount& account) {
  counts_.history_calls = account.calls.calls;
  counts_.history_limited = account.calls.refused;
  counts_.refused_of_history = account.refused_bars;
  if (const auto more = account.refused_bars - told_.refused_bars; more > 0)
    warn("bar_refused", "symbol", server_words(account.refused_symbol, bytes_of_name), more);
  if (const auto more = account.calls.refused - told_.calls.refused; more > 0)
    warn("history_limited", "in_a_row", std::to_string(account.calls.refused_in_a_row), more);
  told_ = account;
}

std::string FeedNews::trouble_text(bool is_asked) const {
  std::string text;
  if (is_asked && told_.calls.refused_in_a_row > 0)
    text = fmt::format("; history answers 429 (too many calls), {} in a row", told_.calls.refused_in_a_row);
  else if (!why_no_history_.empty())
    text = "; history: " + why_no_history_;
  if (const std::uint64_t refused = counts_.refused_of_stream + told_.refused_bars; refused > 0)
    text += fmt::format("; {} bars refused that nobody asked for", refused);
  return text;
}

}  // namespace tidemark
