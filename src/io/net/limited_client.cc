#include "io/net/limited_client.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string_view>
#include <thread>
#include <utility>

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr auto slice = 20ms;  // so soon a stop is noticed
constexpr std::int64_t most_unix_seconds = std::int64_t{1} << 40;
constexpr std::int64_t most_date_seconds = 9'000'000'000;  // of the year 2255: later ones have no event time

std::int64_t unix_now() { return std::time(nullptr); }

// "Thu, 26 Nov 2026 02:04:53 GMT" → Unix seconds.
std::optional<std::int64_t> http_date(std::string_view text) {
  std::tm date{};
  const std::string copy(text);
  const char* const end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!end || *end != '\0') return std::nullopt;
  return ::timegm(&date);
}

// Whatever a header says: a number of seconds that can be reckoned with. CallLimit knows how long to wait at most.
seconds sane(std::int64_t count) {
  constexpr std::int64_t most = 86'400;
  return seconds(std::clamp(count, -most, most));
}

// The reset is seen by the server's own clock where it says what that shows.
CallLimit::Said limits_said(const RestAnswer& answer) {
  CallLimit::Said said{.limit = answer.integer("X-RateLimit-Limit"),
                       .remaining = answer.integer("X-RateLimit-Remaining"),
                       .until_reset = {},
                       .retry_after = {}};
  if (const auto reset = answer.integer("X-RateLimit-Reset"); reset && *reset >= 0 && *reset < most_unix_seconds) {
    const auto date = answer.header("Date");
    said.until_reset = sane(*reset - (date ? http_date(*date) : std::nullopt).value_or(unix_now()));
  }
  if (const auto wait = answer.integer("Retry-After")) said.retry_after = sane(*wait);
  return said;
}

}  // namespace

LimitedClient::LimitedClient(std::unique_ptr<HttpsClient> client, std::optional<std::int64_t> supposed)
    : client_(std::move(client)), limit_(supposed) {}

Result<RestAnswer> LimitedClient::get(const std::string& target, std::span<const SecretHeader> headers,
                                      const std::stop_token& stop) {
  while (true) {
    if (auto turn = wait_for_turn(stop); !turn) return std::unexpected(turn.error());
    const EventTime asked = boot_clock_.now();
    auto answer = client_->get(target, headers, stop);
    if (!answer) {
      count_failure();
      if (!client_->was_stale()) return answer;
      continue;
    }
    const std::lock_guard lock(mutex_);
    const auto said = limits_said(*answer);
    note_date(*answer, asked);
    if (answer->status != 429) {
      budget_.refused_in_a_row = 0;
      limit_.answered(CallLimit::Clock::now(), said);
      return answer;
    }
    ++budget_.refused;
    ++budget_.refused_in_a_row;
    limit_.refused(CallLimit::Clock::now(), said);
  }
}

// Whatever year it shows: what is no time is found out by the clock that takes it.
void LimitedClient::note_date(const RestAnswer& answer, EventTime asked) {
  const auto text = answer.header("Date");
  const auto date = text ? http_date(*text) : std::nullopt;
  if (!date || *date <= -most_date_seconds || *date >= most_date_seconds) return;
  date_ = {.date = EventTime(seconds(*date)), .asked = asked, .answered = boot_clock_.now()};
}

Result<void> LimitedClient::wait_for_turn(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      const std::lock_guard lock(mutex_);
      const auto now = CallLimit::Clock::now();
      budget_.is_waiting = limit_.next(now) > now;
      if (!budget_.is_waiting) {
        limit_.called(now);
        ++budget_.calls;
        return {};
      }
    }
    std::this_thread::sleep_for(slice);
  }
  return std::unexpected(Error::retryable("stopped before it was asked"));
}

void LimitedClient::count_failure() {
  const std::lock_guard lock(mutex_);
  ++budget_.failed;
}

CallBudget LimitedClient::budget() const {
  const std::lock_guard lock(mutex_);
  const auto now = CallLimit::Clock::now();
  CallBudget budget = budget_;
  const bool is_known = limit_.is_limited() && (limit_.is_told() || budget_.calls > 0);
  budget.limit = is_known ? limit_.limit() : -1;
  budget.remaining = is_known ? limit_.remaining(now) : -1;
  budget.reset = unix_now() + std::chrono::ceil<seconds>(limit_.reset(now) - now).count();
  return budget;
}

std::optional<ServerDate> LimitedClient::server_date() const {
  const std::lock_guard lock(mutex_);
  return date_;
}

void LimitedClient::remember(const CallBudget& budget) {
  if (budget.limit < 0 || budget.remaining < 0) return;
  const std::lock_guard lock(mutex_);
  limit_.remember(CallLimit::Clock::now(), budget.limit, budget.remaining - 1, seconds(budget.reset - unix_now()));
}

}  // namespace tidemark
