#include "io/alpaca/history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <mutex>
#include <thread>
#include <utility>

#include "core/time/timestamp.h"
#include "core/wire/server_words.h"
#include "io/alpaca/clock_text.h"
#include "io/net/call_limit.h"
#include "io/net/https_client.h"
#include "io/net/json_value.h"
#include "io/observe/boot_clock.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr int bars_of_a_page = 10'000;
constexpr auto slice = 20ms;  // so soon a stop is noticed
constexpr std::int64_t most_unix_seconds = std::int64_t{1} << 40;
constexpr std::int64_t most_date_seconds = 9'000'000'000;  // of the year 2255: later ones have no event time

std::int64_t unix_now() { return std::time(nullptr); }

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                          c == '.' || c == '_' || c == '~' || c == ',' || c == ':';
    if (is_plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

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

class RestHistory : public History {
 public:
  RestHistory(AlpacaAccount account, std::unique_ptr<HttpsClient> client)
      : account_(std::move(account)),
        client_(std::move(client)),
        headers_{SecretHeader{"APCA-API-KEY-ID", account_.key}, SecretHeader{"APCA-API-SECRET-KEY", account_.secret}},
        text_(series_of(account_.feed)),
        limit_(account_.data_url.starts_with("https://") ? std::optional<std::int64_t>(200) : std::nullopt) {}

  Result<HistoryPage> bars(const BarsRequest& request, std::stop_token stop) override {
    auto answer = get_bars(request, stop);
    if (!answer) return std::unexpected(answer.error());
    auto page = text_.read_page(answer->body);
    if (!page) return std::unexpected(no_page(page.error()));
    page->bytes = answer->body.size();
    return page;
  }

  Result<HistoryText> bars_text(const BarsRequest& request, std::stop_token stop) override {
    auto answer = get_bars(request, stop);
    if (!answer) return std::unexpected(answer.error());
    auto facts = text_.glance(answer->body);
    if (!facts) return std::unexpected(no_page(facts.error()));
    return HistoryText{std::move(answer->body), std::move(*facts)};
  }

  Result<ServerClock> market_clock(std::stop_token stop) override {
    auto answer = get("/v2/clock", stop);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 404) return ServerClock{};
    if (answer->status != 200) return std::unexpected(refusal(*answer));
    if (answer->body.empty())
      return std::unexpected(Error::retryable(account_.data_url + " says nothing of its clock"));
    return ServerClock{.shown = read_clock(answer->body)};
  }

  std::optional<ServerDate> server_date() const override {
    const std::lock_guard lock(mutex_);
    return date_;
  }

  CallBudget budget() const override {
    const std::lock_guard lock(mutex_);
    const auto now = CallLimit::Clock::now();
    CallBudget budget = budget_;
    const bool is_known = limit_.is_limited() && (limit_.is_told() || budget_.calls > 0);
    budget.limit = is_known ? limit_.limit() : -1;
    budget.remaining = is_known ? limit_.remaining(now) : -1;
    budget.reset = unix_now() + std::chrono::ceil<seconds>(limit_.reset(now) - now).count();
    return budget;
  }

  void remember(const CallBudget& budget) override {
    if (budget.limit < 0 || budget.remaining < 0) return;
    const std::lock_guard lock(mutex_);
    limit_.remember(CallLimit::Clock::now(), budget.limit, budget.remaining - 1, seconds(budget.reset - unix_now()));
  }

 private:
  Result<RestAnswer> get_bars(const BarsRequest& request, const std::stop_token& stop) {
    if (account_.feed == AlpacaFeed::Test)
      return std::unexpected(Error::setup("the feed test has no history; iex, sip and crypto have"));
    auto answer = get(bars_target(account_.feed, request), stop);
    if (!answer || answer->status == 200) return answer;
    count_failure();
    return std::unexpected(refusal(*answer));
  }

  // Any answer but 429, in its turn.
  Result<RestAnswer> get(const std::string& target, const std::stop_token& stop) {
    while (true) {
      if (auto turn = wait_for_turn(stop); !turn) return std::unexpected(turn.error());
      const EventTime asked = boot_clock_.now();
      auto answer = client_->get(target, headers_, stop);
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

  // Whatever year it shows: what is no time is found out by whoever asks for it.
  void note_date(const RestAnswer& answer, EventTime asked) {
    const auto text = answer.header("Date");
    const auto date = text ? http_date(*text) : std::nullopt;
    if (!date || *date <= -most_date_seconds || *date >= most_date_seconds) return;
    date_ = {.date = EventTime(seconds(*date)), .asked = asked, .answered = boot_clock_.now()};
  }

  // A 200 that is none is a fault of the server, as a 502 is, and may pass as one does.
  Error no_page(const Error& why) {
    count_failure();
    return Error::retryable(fmt::format("{}: {}", account_.data_url, why.message()));
  }

  void count_failure() {
    const std::lock_guard lock(mutex_);
    ++budget_.failed;
  }

  Result<void> wait_for_turn(const std::stop_token& stop) {
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

  Error refusal(const RestAnswer& answer) const {
    const std::string said = message_in(answer.body);
    const std::string what =
        fmt::format("{} answers {}{}", account_.data_url, answer.status, said.empty() ? "" : ": " + said);
    const bool is_of_the_plan = said.contains("subscription") || said.contains("SIP");
    if (answer.status == 403 && (is_of_the_plan || series_of(account_.feed) == "sip"))
      return Error::setup(what + "; this plan has no recent SIP history: use the feed iex (alpaca-feed, --feed)");
    if (answer.status == 401 || answer.status == 403)
      return Error::setup(what + "; check ALPACA_API_KEY and ALPACA_API_SECRET (app.alpaca.markets gives new ones)");
    // Only these say that what was asked for is wrong. All else is a fault of the server, and may pass.
    if (answer.status == 400 || answer.status == 422) return Error::permanent(what);
    if (answer.status >= 300 && answer.status < 400) return Error::retryable(what + "; redirects are not followed");
    return Error::retryable(what);
  }

  static std::string message_in(std::string_view body) {
    const auto json = parse_json(body);
    const std::string text = json ? json->text_of("message").value_or("") : std::string();
    return text.empty() ? server_words(body, 120) : server_words(text);
  }

  AlpacaAccount account_;
  std::unique_ptr<HttpsClient> client_;
  std::array<SecretHeader, 2> headers_;
  BarText text_;
  mutable std::mutex mutex_;  // over what follows
  CallLimit limit_;
  CallBudget budget_;
  std::optional<ServerDate> date_;
  BootClock boot_clock_;
};

}  // namespace

std::string bars_target(AlpacaFeed feed, const BarsRequest& request) {
  std::string target = feed == AlpacaFeed::Crypto ? "/v1beta3/crypto/us/bars" : "/v2/stocks/bars";
  target += "?symbols=";
  append_escaped(fmt::format("{}", fmt::join(request.symbols, ",")), target);
  // Alpaca's end is included.
  target += fmt::format("&timeframe=1Min&start={}&end={}&limit={}&sort=asc", format_timestamp(request.from),
                        format_timestamp(request.to - Duration(1)), bars_of_a_page);
  if (feed != AlpacaFeed::Crypto) {
    target += fmt::format("&feed={}&adjustment=", series_of(feed));
    append_escaped(request.adjustment, target);
  }
  if (!request.page.empty()) {
    target += "&page_token=";
    append_escaped(request.page, target);
  }
  return target;
}

Result<std::unique_ptr<History>> open_history(const AlpacaAccount& account) {
  const auto server = parse_server_url("alpaca-data-url", account.data_url);
  if (!server) return std::unexpected(server.error());
  for (const Secret* const secret : {&account.key, &account.secret})
    for (const char c : secret->reveal())
      if (c <= ' ' || c > '~')
        return std::unexpected(Error::setup("ALPACA_API_KEY and ALPACA_API_SECRET have letters that no key has"));
  auto client = make_https_client(*server, account.ca_file, mask_of(account));
  if (!client) return std::unexpected(client.error());
  return std::make_unique<RestHistory>(account, std::move(*client));
}

}  // namespace tidemark
