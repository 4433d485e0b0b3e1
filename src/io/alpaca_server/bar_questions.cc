#include "io/alpaca_server/bar_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/market/limits.h"
#include "core/time/timestamp.h"
#include "core/wire/base64.h"
#include "core/wire/encode.h"
#include "io/alpaca_server/bar_json.h"

namespace tidemark {
namespace {

constexpr std::size_t most_bars = 10'000;
constexpr std::size_t bytes_of_bar = 140;  // about

constexpr std::array feeds{"iex", "sip", "delayed_sip", "otc", "boats", "overnight"};
constexpr std::array adjustments{"raw", "split", "dividend", "spin-off", "all"};

RestReply refuse(const std::string& message) { return {400, rest_message(message), {}}; }

// A day is its beginning where the market is; a time without zone is UTC.
std::optional<EventTime> read_moment(const std::string& text, DayStart day) {
  if (text.size() != std::string_view("2026-01-05").size()) return parse_timestamp(text);
  const auto midnight = parse_timestamp(text + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return start_of_day(std::chrono::floor<std::chrono::days>(*midnight), day);
}

std::string page_token(std::string_view symbol, EventTime next) {
  std::string token;
  append_base64(fmt::format("{}|M|{}", symbol, format_timestamp(next)), token);
  return token;
}

void append_token(const std::optional<std::string>& token, std::string& out) {
  out += R"(,"next_page_token":)";
  if (token)
    append_json_string(*token, out);
  else
    out += "null";
}

}  // namespace

std::optional<std::size_t> BarQuestions::find(std::string_view name) const {
  if (name == test_symbol) return std::nullopt;  // has no history
  return tape_.find(name);
}

auto BarQuestions::symbols(const RestRequest& request) const -> Read<std::vector<std::string>> {
  const std::string* list = request.parameter("symbols");
  if (list == nullptr || list->empty()) return std::unexpected("symbols is required");
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= list->size();) {
    const std::size_t end = std::min(list->find(',', at), list->size());
    if (end == at) return std::unexpected("invalid symbol: an empty one");
    names.push_back(list->substr(at, end - at));
    if (!is_symbol_name(names.back())) return std::unexpected("invalid symbol: " + names.back());
    at = end + 1;
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

auto BarQuestions::question(const RestRequest& request, DayStart day) const -> Read<Question> {
  Question question;
  const auto text = [&](std::string_view name) { return request.parameter(name); };
  const std::string* timeframe = text("timeframe");
  if (timeframe == nullptr) return std::unexpected("timeframe is required");
  const auto length = Timeframe::parse(*timeframe);
  if (!length) return std::unexpected("invalid timeframe: " + *timeframe);
  SeriesQuestion& series = question.series;
  series.timeframe = *length;
  series.from = start_of_day(market_date(now_, day), day);
  series.to = now_;
  for (const auto& [name, moment] : {std::pair("start", &series.from), std::pair("end", &series.to)}) {
    const std::string* said = text(name);
    if (said == nullptr || said->empty()) continue;
    const auto read = read_moment(*said, day);
    if (!read) return std::unexpected(fmt::format("invalid {}: {}", name, *said));
    *moment = *read;
  }
  if (text("end") != nullptr && series.to < series.from) return std::unexpected("end should not be before start");
  if (const std::string* said = text("limit"); said != nullptr && !said->empty()) {
    const auto [end, error] = std::from_chars(said->data(), said->data() + said->size(), question.limit);
    if (error != std::errc{} || end != said->data() + said->size() || question.limit < 1 || question.limit > most_bars)
      return std::unexpected(fmt::format("invalid limit: {}, it must be from 1 to {}", *said, most_bars));
  }
  if (const std::string* said = text("sort"); said != nullptr && !said->empty()) {
    if (*said != "asc" && *said != "desc") return std::unexpected("invalid sort: " + *said);
    series.order = *said == "asc" ? Order::Ascending : Order::Descending;
  }
  if (const std::string* said = text("feed"); said != nullptr && std::ranges::find(feeds, *said) == feeds.end())
    return std::unexpected("invalid feed: " + *said);
  if (const std::string* said = text("adjustment"))
    for (std::size_t at = 0; at <= said->size();) {
      const std::size_t end = std::min(said->find(',', at), said->size());
      if (std::ranges::find(adjustments, said->substr(at, end - at)) == adjustments.end())
        return std::unexpected("invalid adjustment: " + *said);
      at = end + 1;
    }
  if (const std::string* said = text("page_token"); said != nullptr && !said->empty()) {
    const auto token = parse_base64(*said);
    const std::size_t mark = token ? token->rfind("|M|") : std::string::npos;
    if (mark != std::string::npos) question.first_time = parse_written_timestamp(token->substr(mark + 3));
    if (!question.first_time) return std::unexpected("invalid page_token: " + *said);
    question.first_symbol = token->substr(0, mark);
  }
  return question;
}

std::optional<std::string> BarQuestions::append_series(std::size_t symbol, const Question& question, std::size_t& room,
                                                       std::string& out) const {
  SeriesQuestion series = question.series;
  if (question.first_time && tape_.name(symbol) == question.first_symbol)
    (series.order == Order::Ascending ? series.from : series.to) = *question.first_time;
  std::optional<std::string> token;
  bool is_first = true;
  history_.read(symbol, series, [&](const TapeBar& bar) {
    if (room == 0) {
      token = page_token(tape_.name(symbol), bar.time);
      return false;
    }
    if (!is_first) out += ',';
    is_first = false;
    --room;
    append_rest_bar(bar, out);
    return true;
  });
  return token;
}

RestReply BarQuestions::bars(const RestRequest& request, BarsOf of) const {
  const auto names = symbols(request);
  if (!names) return refuse(names.error());
  const auto asked = question(request, of == BarsOf::Crypto ? DayStart::Chicago : DayStart::NewYork);
  if (!asked) return refuse(asked.error());
  RestReply reply;
  std::string& out = reply.body;
  out.reserve(asked->limit * bytes_of_bar);
  out += R"({"bars":{)";
  std::size_t room = asked->limit;
  std::optional<std::string> token;
  const std::size_t begin = out.size();
  for (const std::string& name : *names) {
    if (asked->first_time && name < asked->first_symbol) continue;
    const auto symbol = find(name);
    if (!symbol || (of == BarsOf::Stocks && is_crypto(name))) continue;
    const std::size_t before = out.size(), left = room;
    if (before > begin) out += ',';
    append_json_string(name, out);
    out += ":[";
    token = append_series(*symbol, *asked, room, out);
    out += ']';
    if (room == left) out.resize(before);  // a symbol without bars is not named
    if (token) break;
  }
  out += '}';
  append_token(token, out);
  out += '}';
  return reply;
}

RestReply BarQuestions::bars_of(const RestRequest& request, std::string_view name) const {
  const auto asked = question(request, DayStart::NewYork);
  if (!asked) return refuse(asked.error());
  RestReply reply;
  std::string& out = reply.body;
  out += R"({"bars":[)";
  std::size_t room = asked->limit;
  std::optional<std::string> token;
  if (const auto symbol = find(name)) token = append_series(*symbol, *asked, room, out);
  out += R"(],"symbol":)";
  append_json_string(name, out);
  append_token(token, out);
  out += '}';
  return reply;
}

RestReply BarQuestions::latest(const RestRequest& request, BarsOf of) const {
  const auto names = symbols(request);
  if (!names) return refuse(names.error());
  RestReply reply;
  std::string& out = reply.body;
  out += R"({"bars":{)";
  const std::size_t begin = out.size();
  for (const std::string& name : *names) {
    const auto symbol = find(name);
    if (!symbol || (of == BarsOf::Stocks && is_crypto(name))) continue;
    const auto bar = history_.latest(*symbol);
    if (!bar) continue;
    if (out.size() > begin) out += ',';
    append_json_string(name, out);
    out += ':';
    append_rest_bar(*bar, out);
  }
  out += "}}";
  return reply;
}

RestReply BarQuestions::latest_of(std::string_view name) const {
  const auto symbol = find(name);
  const auto bar = symbol ? history_.latest(*symbol) : std::nullopt;
  if (!bar) return {404, rest_message(fmt::format("no bar found for {}", name)), {}};
  RestReply reply;
  reply.body = R"({"bar":)";
  append_rest_bar(*bar, reply.body);
  reply.body += R"(,"symbol":)";
  append_json_string(name, reply.body);
  reply.body += '}';
  return reply;
}

}  // namespace tidemark
