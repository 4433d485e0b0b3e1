#include "run/live_feed/page_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

namespace tidemark {
namespace {

constexpr std::size_t longest_token = 4'096;  // it goes into the next request's address
constexpr std::size_t most_empty_in_a_row = 20;
constexpr std::size_t spare_bars = 10'000;  // beyond twice those that there can be
constexpr std::size_t spare_pages = 100;    // beyond one page for each `least_bars`
constexpr std::size_t least_bars = 50;
constexpr std::uint64_t spare_bytes = 32 * 1'024 * 1'024;
constexpr std::uint64_t bytes_of_a_bar = 400;

std::unexpected<Error> no_answer(std::string what) { return std::unexpected(Error::retryable(std::move(what))); }

}  // namespace

PageLimits page_limits(const BarsRequest& request) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(request.to - request.from).count();
  const std::size_t bars = request.symbols.size() * static_cast<std::size_t>(std::max<std::int64_t>(1, minutes));
  return {.pages = spare_pages + bars / least_bars,
          .empty_pages = most_empty_in_a_row,
          .bars = spare_bars + 2 * bars,
          .bytes = spare_bytes + bytes_of_a_bar * bars};
}

Result<void> PageWalk::take(const Page& page) {
  ++pages_;
  bars_ += page.bars;
  bytes_ += page.bytes;
  empty_in_a_row_ = page.bars == 0 ? empty_in_a_row_ + 1 : 0;
  if (bars_ > limits_.bars)
    return no_answer(fmt::format("history gives {} bars where at most {} can be", bars_, limits_.bars));
  if (bytes_ > limits_.bytes)
    return no_answer(
        fmt::format("history gives {} bytes for one question; at most {} are taken", bytes_, limits_.bytes));
  if (page.next.empty()) return {};
  if (page.next.size() > longest_token)
    return no_answer(fmt::format("history gives a page token of {} bytes", page.next.size()));
  if (!tokens_.insert(std::hash<std::string_view>{}(page.next)).second)
    return no_answer(fmt::format("history gives the token of a page that it gave before, on page {}", pages_));
  if (empty_in_a_row_ == limits_.empty_pages)
    return no_answer(fmt::format("history gives {} empty pages in a row", empty_in_a_row_));
  if (pages_ >= limits_.pages)
    return no_answer(fmt::format("history comes to no end: {} pages for one question", pages_));
  return {};
}

}  // namespace tidemark
