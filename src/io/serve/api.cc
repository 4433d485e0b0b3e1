// Maps paths to responses. Parameters are checked strictly here, so that a typing error is not an empty list.
#include "io/serve/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/market/limits.h"
#include "core/wire/encode.h"
#include "io/observe/process.h"
#include "io/serve/parameters.h"

namespace tidemark {
namespace {

constexpr std::size_t most_rows = 10'000;
constexpr std::size_t most_history = 100'000;
constexpr std::size_t most_letters = 100;
constexpr std::size_t most_sequence = std::numeric_limits<std::int64_t>::max();

std::expected<TrendQuery, Response> parse_query(const Request& request) {
  if (auto refusal = refuse_others(request, {"symbol", "from", "to", "status", "limit"})) {
    return Refused(std::move(*refusal));
  }
  TrendQuery query;
  if (const std::string* symbol = request.parameter("symbol")) {
    if (!is_symbol_name(*symbol)) return refused("symbol", symbol_rule);
    query.symbol = *symbol;
  }
  const auto from = time_in(request, "from");
  if (!from) return Refused(from.error());
  const auto to = time_in(request, "to");
  if (!to) return Refused(to.error());
  query.from = *from;
  query.to = *to;
  if (query.from && query.to && *query.to < *query.from) return refused("to", "is before from");
  if (const std::string* status = request.parameter("status")) {
    if (*status == to_string(TrendStatus::Final)) {
      query.status = TrendStatus::Final;
    } else if (*status == to_string(TrendStatus::Update)) {
      query.status = TrendStatus::Update;
    } else {
      return refused("status", "final or update");
    }
  }
  const auto limit = count_in(request, "limit", 1, most_rows, query.limit);
  if (!limit) return Refused(limit.error());
  query.limit = *limit;
  return query;
}

}  // namespace

std::expected<LiveRequest, Response> Api::parse_live_request(const Request& request) {
  if (auto refusal = refuse_others(request, {"symbols", "history", "parts", "epoch", "sequence"})) {
    return Refused(std::move(*refusal));
  }
  LiveRequest wanted;
  if (const std::string* symbols = request.parameter("symbols")) {
    for (std::string_view rest = *symbols; !rest.empty();) {
      const std::string_view symbol = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), symbol.size() + 1));
      if (!is_symbol_name(symbol)) {
        return refused("symbols", fmt::format("symbols of {} with commas between them", symbol_rule));
      }
      wanted.snapshot.symbols.emplace_back(symbol);
    }
  }
  const auto history = count_in(request, "history", 0, most_history, wanted.snapshot.history);
  if (!history) return Refused(history.error());
  wanted.snapshot.history = *history;
  if (const std::string* parts = request.parameter("parts")) {
    if (*parts != "true" && *parts != "false") return refused("parts", "true or false");
    wanted.snapshot.in_parts = *parts == "true";
  }
  const std::string* const epoch = request.parameter("epoch");
  if ((epoch != nullptr) != (request.parameter("sequence") != nullptr))
    return refused("sequence", "epoch and sequence belong together");
  if (!epoch) return wanted;
  wanted.epoch = *epoch;
  const auto sequence = count_in(request, "sequence", 0, most_sequence, 0);
  if (!sequence) return Refused(sequence.error());
  wanted.sequence = static_cast<std::int64_t>(*sequence);
  return wanted;
}

std::optional<Response> Api::answer(const Request& request) const {
  const auto without_parameters = [&](auto make) -> Response {
    if (auto refusal = refuse_others(request, {})) return std::move(*refusal);
    return make();
  };
  const std::string& path = request.path;
  if (path == "/healthz") return json_response(R"({"status":"alive"})");
  if (path == "/readyz") return ready();
  if (path == "/metrics") return metrics();
  if (path == "/api/v1/trends") return trends(request);
  if (path == "/api/v1/bars") return bars(request);
  if (path == "/api/v1/dead-letters") return dead_letters(request);
  if (path == "/api/v1/symbols") return symbols(request);
  if (path == "/api/v1/status") {
    return without_parameters([&] { return json_response(board_.status(feed_(), clock_.now())); });
  }
  return std::nullopt;
}

Response Api::ready() const {
  const auto reason = unready_();
  if (!reason) {
    std::string body = R"({"status":"ready")";
    if (const std::string lagging = board_.run_status().lagging(); !lagging.empty()) {
      body += R"(,"lagging":)";
      append_json_string(lagging, body);
    }
    return json_response(body + '}');
  }
  std::string body = R"({"status":"unready","reason":)";
  append_json_string(*reason, body);
  body += '}';
  Response response = json_response(std::move(body));
  response.status = 503;
  return response;
}

Response Api::symbols(const Request& request) const {
  if (auto refusal = refuse_others(request, {"limit"})) return std::move(*refusal);
  const auto limit = count_in(request, "limit", 1, most_rows, std::numeric_limits<std::size_t>::max());
  return limit ? json_response(board_.symbols(*limit)) : limit.error();
}

Response Api::trends(const Request& request) const {
  const auto query = parse_query(request);
  return query ? json_response(board_.trends(*query)) : query.error();
}

Response Api::bars(const Request& request) const {
  if (auto refusal = refuse_others(request, {"symbol", "limit"})) return std::move(*refusal);
  const std::string* const symbol = request.parameter("symbol");
  if (!symbol || !is_symbol_name(*symbol)) return error_response(400, "symbol", symbol_rule);
  const auto limit = count_in(request, "limit", 1, most_rows, most_rows);
  return limit ? json_response(board_.bars().bars_of(*symbol, *limit)) : limit.error();
}

Response Api::dead_letters(const Request& request) const {
  if (auto refusal = refuse_others(request, {"limit"})) return std::move(*refusal);
  const auto limit = count_in(request, "limit", 1, most_letters, 20);
  if (!limit) return limit.error();
  if (!letters_) return error_response(404, "", "this process has no log; dead letters are in alpaca_dead_letters");
  auto letters = letters_(*limit);
  return letters ? json_response(std::move(*letters)) : error_response(503, "", letters.error().message());
}

Response Api::metrics() const {
  const RunStatus& run_status = board_.run_status();
  const Account& account = run_status.account();
  const std::pair<std::string_view, std::int64_t> outcomes[] = {{"accepted", account.accepted},
                                                                {"duplicate", account.duplicate},
                                                                {"corrected", account.corrected},
                                                                {"late", account.late},
                                                                {"rejected", account.rejected}};
  for (const auto& [outcome, records] : outcomes) {
    metrics_
        .counter("tidemark_records_total", "Records read, by what became of them.", {{"outcome", std::string(outcome)}})
        .set(static_cast<double>(records));
  }
  const auto gauge = [&](std::string_view name, std::string_view help, double value) {
    metrics_.gauge(name, help).set(value);
  };
  const auto unix_seconds = [](EventTime time) { return static_cast<double>(nanos_since_epoch(time)) / 1e9; };
  if (const auto watermark = run_status.watermark()) {
    gauge("tidemark_watermark_timestamp_seconds", "How far event time has certainly come, as Unix time.",
          unix_seconds(*watermark));
  }
  if (const auto latest = run_status.event_time()) {
    gauge("tidemark_event_timestamp_seconds", "Largest event time seen, as Unix time.", unix_seconds(*latest));
  }
  if (const auto age = run_status.last_bar_age_seconds(clock_.now())) {
    gauge("tidemark_last_bar_age_seconds", "Wall time since the last accepted bar.", *age);
  }
  gauge("tidemark_uptime_seconds", "Wall time since the start.", run_status.uptime_seconds(clock_.now()));
  gauge("tidemark_symbols", "Symbols on the board.", static_cast<double>(board_.symbol_count()));
  gauge("tidemark_board_rows", "Windows on the board.", static_cast<double>(board_.row_count()));
  gauge("tidemark_ready", "1 while /readyz says 200.", unready_() ? 0 : 1);
  const FeedStatus feed = feed_();
  gauge("tidemark_feed_live", "1 while the feed is live.", feed.state == FeedState::Live ? 1 : 0);
  observe_process(metrics_);
  return Response{.status = 200,
                  .content_type = "text/plain; version=0.0.4; charset=utf-8",
                  .headers = {},
                  .body = metrics_.expose(),
                  .embedded = {}};
}

}  // namespace tidemark
