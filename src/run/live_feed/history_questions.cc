#include "run/live_feed/history_questions.h"

#include <algorithm>
#include <utility>

#include "run/live_feed/feed_times.h"

namespace tidemark {
namespace {

constexpr std::size_t bars_at_once = 200'000;  // of a gap; more symbols, shorter slices
constexpr std::int64_t least_minutes = 30;

Duration slice_of(std::size_t symbols) {
  return feed_times::minute *
         std::max(least_minutes, static_cast<std::int64_t>(bars_at_once / std::max<std::size_t>(1, symbols)));
}

}  // namespace

HistoryQuestions::HistoryQuestions(std::unique_ptr<HistorySlices> history, FeedNews& news, Refusal refusal,
                                   Duration retry_delay, std::uint32_t jitter_seed)
    : history_(std::move(history)), news_(news), refusal_(refusal), waits_(retry_delay, jitter_seed) {}

void HistoryQuestions::ask(const std::vector<std::string>& symbols, HistoryQuestion question) {
  question.to = std::min(question.to, question.from + slice_of(symbols.size()));
  asked_ = question;
  history_->ask(symbols, question.from, question.to);
}

std::optional<HistoryAnswer> HistoryQuestions::take(EventTime instant) {
  if (!asked_) return std::nullopt;
  auto bars = history_->take();
  if (!bars) return std::nullopt;
  const HistoryQuestion question = *std::exchange(asked_, std::nullopt);
  if (*bars) {
    waits_.reset();
    refusals_ = 0;
    news_.history_owes_nothing();
    return HistoryAnswer{question, std::move(*bars)};
  }
  const Error& error = bars->error();
  news_.history_failed(error.message());
  const bool is_final = !error.is_retryable() && is_believed_now();
  if (is_final) waits_.next();  // what is refused is asked less often
  ask_at_ = instant + waits_.next();
  if (is_final) return HistoryAnswer{question, std::move(*bars)};
  news_.warn("history_failed", "error", error.message());
  return std::nullopt;
}

bool HistoryQuestions::is_believed_now() {
  refusals_ = std::min(refusals_ + 1, feed_times::believed_after);
  return refusals_ == feed_times::believed_after || refusal_ == Refusal::BelievedAtOnce;
}

}  // namespace tidemark
