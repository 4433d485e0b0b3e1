#include "io/alpaca/history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "core/time/timestamp.h"
#include "core/wire/server_words.h"
#include "io/alpaca/clock_text.h"
#include "io/net/https_client.h"
#include "io/net/json_value.h"
#include "io/net/limited_client.h"

namespace tidemark {
namespace {

constexpr int bars_of_a_page = 10'000;
constexpr std::int64_t calls_of_the_free_plan = 200;  // a minute, as long as Alpaca says no other limit

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

class RestHistory : public History {
 public:
  RestHistory(AlpacaAccount account, std::unique_ptr<HttpsClient> client)
      : account_(std::move(account)),
        client_(std::move(client),
                account_.data_url.starts_with("https://") ? std::optional(calls_of_the_free_plan) : std::nullopt),
        headers_{SecretHeader{"APCA-API-KEY-ID", account_.key}, SecretHeader{"APCA-API-SECRET-KEY", account_.secret}},
        text_(series_of(account_.feed)) {}

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
    auto answer = client_.get("/v2/clock", headers_, stop);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 404) return ServerClock{};
    if (answer->status != 200) return std::unexpected(refusal(*answer));
    if (answer->body.empty())
      return std::unexpected(Error::retryable(account_.data_url + " says nothing of its clock"));
    return ServerClock{.shown = read_clock(answer->body)};
  }

  std::optional<ServerDate> server_date() const override { return client_.server_date(); }
  CallBudget budget() const override { return client_.budget(); }
  void remember(const CallBudget& budget) override { client_.remember(budget); }

 private:
  Result<RestAnswer> get_bars(const BarsRequest& request, const std::stop_token& stop) {
    if (account_.feed == AlpacaFeed::Test)
      return std::unexpected(Error::setup("the feed test has no history; iex, sip and crypto have"));
    auto answer = client_.get(bars_target(account_.feed, request), headers_, stop);
    if (!answer || answer->status == 200) return answer;
    client_.count_failure();
    return std::unexpected(refusal(*answer));
  }

  // A 200 that is none is a fault of the server, as a 502 is, and may pass as one does.
  Error no_page(const Error& why) {
    client_.count_failure();
    return Error::retryable(fmt::format("{}: {}", account_.data_url, why.message()));
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
  LimitedClient client_;
  std::array<SecretHeader, 2> headers_;
  BarText text_;
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
  auto client = make_https_client(*server, {account.ca_file, ca_file_setting}, mask_of(account));
  if (!client) return std::unexpected(client.error());
  return std::make_unique<RestHistory>(account, std::move(*client));
}

}  // namespace tidemark
