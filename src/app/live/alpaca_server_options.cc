#include "app/live/alpaca_server_options.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "app/command_line/option_parser.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "io/alpaca_server/stream_text.h"
#include "io/config/setting.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr Duration longest_fault = 24h, longest_history = std::chrono::days(3'650);

// "5%" or "0.05".
Meaning<Share> read_share(std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  double share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (percent) share /= 100;
  if (error != std::errc{} || end != text.data() + text.size() || !(share >= 0 && share <= 1))
    return std::unexpected("a share from 0 to 1, like 0.05 or 5%");
  return Share{static_cast<std::uint32_t>(std::lround(share * 1e6))};
}

// "406" or "406:3".
Meaning<Refusal> read_refusal(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto code = read_whole_number(text.substr(0, colon), 400, 500);
  Refusal refusal;
  bool sane = code && !stream_error_text(static_cast<int>(*code)).empty();
  if (sane) refusal.code = static_cast<int>(*code);
  if (colon != text.npos) {
    const auto connections = read_whole_number(text.substr(colon + 1), 1, 1'000'000'000);
    sane = sane && connections;
    if (connections) refusal.connections = *connections;
  }
  if (!sane) return std::unexpected("a code of the stream's errors (400 to 411, 500), and behind a colon how often");
  return refusal;
}

Meaning<std::vector<ApiKey>> read_keys(std::string_view text) {
  std::vector<ApiKey> keys;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const std::size_t colon = pair.find(':');
    if (colon == 0 || colon == pair.npos || colon + 1 == pair.size()) break;
    keys.push_back({std::string(pair.substr(0, colon)), std::string(pair.substr(colon + 1))});
    if (text.empty()) return keys;
  }
  return std::unexpected("pairs like KEY:SECRET with commas between them");
}

Meaning<MarketHours> read_hours(std::string_view text) {
  if (text == "always") return MarketHours::Always;
  if (text == "regular") return MarketHours::Regular;
  return std::unexpected("always or regular");
}

Meaning<double> read_market_speed(std::string_view text) {
  const auto speed = read_speed(text);
  if (!speed || !*speed)
    return std::unexpected("market seconds per second: 1 is real time, 60 a market minute a second");
  return **speed;
}

auto whole_number(std::uint64_t low, std::uint64_t high) {
  return [low, high](const std::string& text) { return read_whole_number(text, low, high); };
}

Meaning<Duration> read_fault_time(std::string_view text) { return read_duration(text, 1s, longest_fault); }

}  // namespace

void AlpacaServerFlags::add_to(OptionParser& verb) {
  AlpacaServerOptions& server = options_.server;
  verb.heading("Market");
  verb.operands("FILE...", "recorded bars as JSON lines, plain or gzip; none: the simulator", options_.files);
  verb.value("data", "DIR", "", "the bars in the lake of this data directory",
             [this](const std::string& text) { options_.data = text; });
  verb.value("symbols", "A,B,...|N", "", "of the simulator: names, or how many; five well-known ones if not set",
             options_.symbols, [](const std::string& text) {
               return read_symbols(split_for(*find_setting(run_settings(), "symbols"), text));
             });
  verb.value("seed", "N", "1", "of the simulator: another number is another market", options_.seed,
             whole_number(0, ~std::uint64_t{0}));
  verb.value("start", "TIME", "now",
             "where the market stands when the server begins; of recorded bars, by default, before the first",
             options_.start, read_time);
  verb.value("history", "TIME", "5d",
             "how much of the market lies behind that moment; 1h with more than 1,000 symbols, 0 with recorded bars",
             options_.history, [](const std::string& text) { return read_duration(text, 0s, longest_history); });
  verb.value("speed", "X", "1", "market seconds in a second: 60 is a market minute a second", server.speed,
             read_market_speed);
  verb.value("hours", "always|regular", "always",
             "of the simulator: day and night, or the regular sessions of the New York Stock Exchange", server.hours,
             read_hours);
  verb.heading("Server");
  verb.value("address", "ADDRESS", "127.0.0.1", "where to listen; beyond this machine only with keys",
             [&server](const std::string& text) { server.address = text; });
  verb.value("port", "PORT", "8060", "0: any that is free; the first line of standard output tells", server.port,
             whole_number(0, 65'535));
  verb.value("keys", "KEY:SECRET,...", "ALPACA_API_KEY and ALPACA_API_SECRET, or any", "who may ask", server.keys,
             read_keys);
  verb.value("tls-cert", "FILE", "", "certificate (PEM): https and wss; with tls-key",
             [&server](const std::string& text) { server.tls_certificate = text; });
  verb.value("tls-key", "FILE", "", "its private key (PEM)",
             [&server](const std::string& text) { server.tls_key = text; });
  verb.heading("Limits");
  verb.value("rate-limit", "N", "200", "REST calls a minute for each key; 0: none", server.calls_a_minute,
             whole_number(0, 1'000'000));
  verb.value("symbol-limit", "N", "none", "symbols on a stream, of all channels together; the free plan has 30",
             server.limits.symbols, whole_number(1, 1'000'000));
  verb.value("connection-limit", "N", "none", "streams of a key, at stocks and at crypto each; the free plan has 1",
             server.limits.connections, whole_number(1, 1'000'000));
  add_faults(verb);
  verb.heading("Operation");
  verb.value("log-level", "LEVEL", "info", "debug, info, warning or error", options_.journal.level, read_level);
  verb.value("log-format", "text|json", "text", "of the journal on standard error", options_.journal.format,
             read_journal_format);
}

void AlpacaServerFlags::add_faults(OptionParser& verb) {
  FaultOptions& faults = options_.server.faults;
  verb.heading("Faults");
  verb.value("fault-seed", "N", "1", "the same number does the same harm again", faults.seed,
             whole_number(0, ~std::uint64_t{0}));
  verb.value("drop-after", "TIME", "", "cut each stream without a goodbye, after half to one and a half of this (wall)",
             faults.drop_after, read_fault_time);
  verb.value("mute-after", "TIME", "", "let each stream fall silent so, open and answering pings", faults.mute_after,
             read_fault_time);
  verb.value("duplicate", "SHARE", "0", "of bars that are sent twice", faults.duplicate, read_share);
  verb.value("late", "SHARE", "0", "of bars that are sent a minute late", faults.late, read_share);
  verb.value("corrections", "SHARE", "0", "of bars that are wrong at first, and corrected half a minute later",
             faults.corrections, read_share);
  verb.value("garbage", "SHARE", "0", "of frames before which one comes that cannot be read", faults.garbage,
             read_share);
  verb.value("rest-errors", "SHARE", "0", "of REST calls that are answered with 500", faults.rest_errors, read_share);
  verb.value("refuse", "CODE[:N]", "", "answer the first N streams, or all, with this error", faults.refuse,
             read_refusal);
}

std::optional<std::string> AlpacaServerFlags::judge() {
  const AlpacaServerOptions& server = options_.server;
  const bool names_symbols = options_.symbols.count || !options_.symbols.names.empty();
  if (options_.data && !options_.files.empty()) return "--data and files are two markets; take one of them";
  if ((options_.data || !options_.files.empty()) && names_symbols)
    return "--symbols belongs to the simulator; recorded bars have theirs";
  if (server.tls_certificate.empty() != server.tls_key.empty()) return "--tls-cert and --tls-key belong together";
  return std::nullopt;
}

}  // namespace tidemark
