#include "app/config/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "app/config/feed_spec.h"
#include "core/enum_names.h"
#include "core/market/limits.h"
#include "core/time/duration_text.h"
#include "core/time/timestamp.h"
#include "core/wire/fields.h"
#include "io/tzdb/time_zones.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_windows_a_bar = 1'440;
constexpr std::uint64_t most_symbols = 1'000'000;
constexpr double fastest = 1e6;

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t size = text.find(',');
    parts.push_back(text.substr(0, size));
    if (size == text.npos) return parts;
    text.remove_prefix(size + 1);
  }
}

std::unexpected<std::string> must_be(std::string what) { return std::unexpected(std::move(what)); }

template <typename Value>
struct Word {
  std::string_view text;
  Value value;
};

template <typename Value, std::size_t count>
Meaning<Value> one_of(std::string_view text, const std::array<Word<Value>, count>& words) {
  std::string choices;
  for (std::size_t index = 0; index < count; ++index) {
    if (words[index].text == text) return words[index].value;
    choices += index == 0 ? "" : index + 1 == count ? " or " : ", ";
    choices += words[index].text;
  }
  return must_be(choices);
}

}  // namespace

constexpr EnumNames<ImportFormat, 8> format_names{"auto",   "jsonl",  "csv",     "parquet",
                                                  "alpaca", "alpaca", "polygon", "binance"};

std::string_view to_string(ImportFormat format) { return format_names[format]; }

constexpr EnumNames<Part, 5> part_names{"run", "ingest", "analyze", "store", "serve"};

std::string_view to_string(Part part) { return part_names[part]; }

std::string_view to_string(Delivery delivery) {
  return delivery == Delivery::ExactlyOnce ? "exactly-once" : "at-least-once";
}

Meaning<std::uint64_t> read_whole_number(std::string_view text, std::uint64_t low, std::uint64_t high) {
  const auto number = whole<std::uint64_t>(text);
  if (!number || *number < low || *number > high)
    return must_be(fmt::format("a whole number from {} to {}", low, high));
  return *number;
}

Meaning<Duration> read_duration(std::string_view text, Duration low, Duration high) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < low || *duration > high) {
    return must_be(
        fmt::format("a time from {} to {}, like 90s, 5m, 2h or 1d", format_duration(low), format_duration(high)));
  }
  return *duration;
}

Meaning<Duration> read_commit_interval(std::string_view text) {
  constexpr std::string_view unit = "ms";
  std::optional<Duration> interval;
  if (!text.ends_with(unit)) {
    interval = parse_duration(text);
  } else if (const auto count = read_whole_number(text.substr(0, text.size() - unit.size()), 1, 10'000)) {
    interval = std::chrono::milliseconds(*count);
  }
  if (!interval || *interval < 1ms || *interval > 10s) return must_be("a time from 1ms to 10s, like 100ms or 1s");
  return *interval;
}

Meaning<std::optional<Duration>> read_keep(std::string_view text) {
  if (text == "forever") return std::nullopt;
  const auto duration = read_duration(text, 1s, std::chrono::days(3'650));
  if (!duration) return must_be(duration.error() + ", or forever");
  return *duration;
}

Meaning<LakeAddress> read_lake(std::string_view text) {
  if (auto address = parse_lake_address(text)) return *std::move(address);
  return std::unexpected(lake_address_forms());
}

Meaning<std::string> read_s3_region(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  if (text.size() > 60 || text.find_first_not_of(letters) != text.npos)
    return must_be("letters, digits and dashes, as eu-central-1");
  return std::string(text);
}

Meaning<HiveUrl> read_hive(std::string_view text) {
  auto url = parse_hive_url("hive", text);
  if (url) return *std::move(url);
  return std::unexpected("thrift://[USER@]HOST[:PORT][,HOST[:PORT]...]");
}

Meaning<std::string> read_hive_name(std::string_view text) {
  const bool is_name = !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (is_name) return std::string(text);
  return must_be("a name of small letters, digits and _");
}

Meaning<std::string> read_hive_location(std::string_view text) {
  const std::size_t colon = text.find(":/");
  while (text.ends_with('/')) text.remove_suffix(1);
  if (colon != text.npos && colon > 0 && colon + 2 < text.size() && !text.contains(' ')) return std::string(text);
  return must_be("a URI with its scheme, as hdfs://namenode:8020/lake, s3a://bucket/lake or file:///srv/lake");
}

Meaning<HiveTime> read_hive_time(std::string_view text) {
  if (text == "bigint") return HiveTime::Bigint;
  if (text == "timestamp") return HiveTime::Timestamp;
  return must_be("bigint or timestamp");
}

Meaning<unsigned> read_file_mode(std::string_view text) {
  unsigned mode = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  const bool is_number = error == std::errc{} && rest == text.data() + text.size() && text.front() != '-';
  if (is_number && (mode & 0600) == 0600 && (mode & ~0666U) == 0) return mode;
  return must_be("an octal mode that lets the owner read and write and nobody execute, as 0644, 0640 or 0600");
}

Meaning<std::optional<Duration>> read_compact_after(std::string_view text) {
  if (text == "never") return std::nullopt;
  const auto duration = read_duration(text, 0s, std::chrono::days(90));
  if (!duration) return must_be(duration.error() + ", or never");
  return *duration;
}

Meaning<Duration> read_max_ahead(std::string_view text) {
  if (text == "off") return Duration(0);
  const auto duration = read_duration(text, 1s, std::chrono::days(3'650));
  if (!duration) return must_be(duration.error() + ", or off");
  return duration;
}

Meaning<bool> read_switch(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return must_be("true or false");
}

Meaning<std::uint64_t> read_byte_size(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 8> units{{{"KiB", 1ull << 10},
                                                                             {"MiB", 1ull << 20},
                                                                             {"GiB", 1ull << 30},
                                                                             {"kB", 1'000},
                                                                             {"KB", 1'000},
                                                                             {"MB", 1'000'000},
                                                                             {"GB", 1'000'000'000},
                                                                             {"B", 1}}};
  std::uint64_t factor = 1;
  for (const auto& [name, value] : units) {
    if (!text.ends_with(name)) continue;
    text.remove_suffix(name.size());
    factor = value;
    break;
  }
  const auto number = whole<std::uint64_t>(text);
  constexpr std::uint64_t most = 1ull << 46;
  if (!number || *number > most / factor) return must_be("a size like 512MB, 1GB or 2GiB");
  return *number * factor;
}

Meaning<std::uint64_t> read_verb_memory(std::string_view text) {
  const auto size = read_byte_size(text);
  if (!size || *size < 64'000'000) return must_be("a size from 64MB on, like 512MB or 4GB");
  return size;
}

Meaning<std::uint64_t> read_sort_memory(std::string_view text) {
  const auto size = read_byte_size(text);
  if (!size || *size < 4'000'000) return must_be("a size from 4MB on, like 512MB or 20GB");
  return size;
}

Meaning<BarFormat> read_bar_format(std::string_view text) {
  if (const auto format = parse_bar_format(text)) return *format;
  return must_be("auto, jsonl, alpaca, polygon or binance");
}

Meaning<std::uint64_t> read_log_size(std::string_view text) {
  const auto size = read_byte_size(text);
  if (!size || *size < 10'000'000) return must_be("a size from 10MB on, like 512MB or 20GB");
  return size;
}

Meaning<std::optional<double>> read_speed(std::string_view text) {
  if (text == "max") return std::nullopt;
  double speed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed);
  const bool sane = speed > 0 && speed <= fastest;  // false for NaN
  if (error != std::errc{} || end != text.data() + text.size() || !sane) {
    return must_be("market seconds per second (1 is real time, 60 a market minute a second) or max");
  }
  return speed;
}

Meaning<SymbolChoice> read_symbols(std::span<const std::string> texts) {
  const auto what =
      fmt::format("names like AAPL,MSFT, each once, of {}, or how many (1 to {})", symbol_rule, most_symbols);
  SymbolChoice choice;
  if (texts.size() == 1 && std::ranges::all_of(texts[0], [](char c) { return c >= '0' && c <= '9'; })) {
    const auto count = whole<std::uint64_t>(texts[0]);
    if (!count || *count < 1 || *count > most_symbols) return must_be(what);
    choice.count = count;
    return choice;
  }
  choice.names.assign(texts.begin(), texts.end());
  auto sorted = choice.names;
  std::ranges::sort(sorted);
  const bool twice = std::ranges::adjacent_find(sorted) != sorted.end();
  if (sorted.size() > most_symbols || twice || !std::ranges::all_of(sorted, is_symbol_name)) return must_be(what);
  return choice;
}

Meaning<EventTime> read_minute(std::string_view text) {
  const auto time = parse_timestamp(text);
  if (!time || *time != floor_to(*time, 1min)) return must_be("a whole minute like 2026-01-05T14:30:00Z");
  return *time;
}

Meaning<std::chrono::sys_days> read_day(std::string_view text) {
  const auto midnight = text.size() == 10 ? parse_timestamp(std::string(text) + "T00:00:00Z") : std::nullopt;
  if (!midnight) return std::unexpected("a date that exists, as 2026-11-22");
  return std::chrono::floor<std::chrono::days>(*midnight);
}

Meaning<EventTime> read_time(std::string_view text) {
  if (const auto day = read_day(text)) return EventTime{*day};
  if (const auto time = parse_timestamp(text)) return *time;
  return must_be("a date like 2026-11-22 or a time like 2026-11-22T14:30:00Z");
}

Meaning<std::set<Reason>> read_reasons(std::string_view text) {
  std::set<Reason> reasons;
  for (const std::string_view name : split_at_commas(text)) {
    const auto reason = parse_reason(name);
    if (!reason) return must_be("reasons with commas between them, as missing,bad_json");
    reasons.insert(*reason);
  }
  return reasons;
}

Meaning<std::set<std::string>> read_fields(std::string_view text) {
  std::set<std::string> fields;
  for (const std::string_view name : split_at_commas(text)) {
    if (!parse_field_name(name)) return must_be("fields of a bar with commas between them, as open,close");
    fields.emplace(name);
  }
  return fields;
}

Meaning<const FeedSpec*> read_feed(std::string_view text) {
  for (const FeedSpec* feed : feeds())
    if (feed->name == text) return feed;
  return must_be(feed_choices(WithNone::Yes));
}

Meaning<AlpacaFeed> read_alpaca_feed(std::string_view text) {
  return one_of<AlpacaFeed, 5>(text, {{{"iex", AlpacaFeed::Iex},
                                       {"sip", AlpacaFeed::Sip},
                                       {"delayed_sip", AlpacaFeed::DelayedSip},
                                       {"test", AlpacaFeed::Test},
                                       {"crypto", AlpacaFeed::Crypto}}});
}

Meaning<std::string> read_adjustment(std::string_view text) {
  return one_of<std::string, 4>(text, {{{"raw", "raw"}, {"split", "split"}, {"dividend", "dividend"}, {"all", "all"}}});
}

Meaning<Level> read_level(std::string_view text) {
  if (const auto level = parse_level(text)) return *level;
  return must_be("debug, info, warning or error");
}

Meaning<PageCompression> read_codec(std::string_view text) {
  if (text == "zstd") return PageCompression::Zstd;
  if (text == "snappy") return PageCompression::Snappy;
  if (text == "gzip") return PageCompression::Gzip;
  if (text == "none") return PageCompression::None;
  return must_be("zstd, snappy, gzip or none");
}

Meaning<JournalFormat> read_journal_format(std::string_view text) {
  if (const auto format = parse_journal_format(text)) return *format;
  return must_be("text or json");
}

Meaning<std::string> read_kafka_word(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (text.size() > 100 || text.find_first_not_of(letters) != text.npos)
    return std::unexpected("at most 100 letters, digits, dots, dashes and underscores");
  return std::string(text);
}

Meaning<Delivery> read_delivery(std::string_view text) {
  for (const Delivery delivery : {Delivery::ExactlyOnce, Delivery::AtLeastOnce})
    if (text == to_string(delivery)) return delivery;
  return must_be("exactly-once or at-least-once");
}

Meaning<Allow> read_allow(std::string_view text) {
  if (text == "loopback") return Allow::Loopback;
  if (text == "always") return Allow::Always;
  if (text == "never") return Allow::Never;
  return must_be("loopback, always or never");
}

Meaning<QueryFormat> read_query_format(std::string_view text) {
  if (const auto format = parse_query_format(text)) return *format;
  return must_be("table, csv, json or document");
}

Meaning<ConsoleFormat> read_console_format(std::string_view text) {
  return one_of<ConsoleFormat, 2>(text, {{{"table", ConsoleFormat::Table}, {"json", ConsoleFormat::Json}}});
}

Meaning<ImportFormat> read_import_format(std::string_view text) {
  return one_of<ImportFormat, 7>(text, {{{"auto", ImportFormat::Auto},
                                         {"jsonl", ImportFormat::JsonLines},
                                         {"csv", ImportFormat::Csv},
                                         {"parquet", ImportFormat::Parquet},
                                         {"alpaca", ImportFormat::Alpaca},
                                         {"polygon", ImportFormat::Polygon},
                                         {"binance", ImportFormat::Binance}}});
}

Meaning<TimeZone> read_time_zone(std::string_view text) {
  if (const auto zone = TimeZone::parse(text)) return *zone;
  auto zone = find_time_zone(text);
  if (zone) return std::move(*zone);
  return must_be(
      "UTC, an offset as -05:00, or the name of a zone that the system's tz database has (package tzdata), "
      "as Europe/Berlin");
}

Meaning<TimeFormat> read_time_format(std::string_view text) {
  auto format = TimeFormat::parse(text);
  if (format) return std::move(*format);
  return must_be("a format as %m/%d/%Y %H:%M: " + format.error().message());
}

Meaning<BarTime> read_bar_time(std::string_view text) {
  return one_of<BarTime, 2>(text, {{{"start", BarTime::Start}, {"end", BarTime::End}}});
}

Meaning<char> read_decimal(std::string_view text) {
  if (text == "." || text == ",") return text.front();
  return must_be("a point or a comma");
}

Meaning<char> read_thousands(std::string_view text) {
  if (text == "none") return '\0';
  if (text.size() == 1 && std::string_view(".,'_ ").find(text.front()) != std::string_view::npos) return text.front();
  return must_be("one of . , ' _ and a space, or none");
}

Meaning<int> read_price_scale(std::string_view text) {
  const auto fits = [&](int exponent) {
    const std::string digits = exponent < 0 ? "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + "1"
                                            : "1" + std::string(static_cast<std::size_t>(exponent), '0');
    return text == digits || text == fmt::format("1e{}", exponent) || text == fmt::format("1e{:+03}", exponent);
  };
  for (int exponent = -9; exponent <= 9; ++exponent)
    if (fits(exponent)) return exponent;
  return must_be("a power of ten from 1e-9 to 1e9, as 1e-9 or 0.01");
}

Meaning<Duration> read_window_size(std::string_view text) { return read_duration(text, 1s, longest_window); }
Meaning<Duration> read_window_slide(std::string_view text) { return read_duration(text, 1s, longest_window); }
Meaning<Duration> read_window_delay(std::string_view text) { return read_duration(text, 0s, longest_window); }

Result<void> check_windows(const WindowSpec& windows) {
  const auto times = windows.size / windows.slide;
  if (windows.size % windows.slide != Duration::zero()) {
    const Duration below = windows.slide * std::max<std::int64_t>(times, 1);
    return std::unexpected(Error::setup(
        fmt::format("size must be a multiple of slide, but {} is none of {}; size {} would be",
                    format_duration(windows.size), format_duration(windows.slide), format_duration(below))));
  }
  if (times > most_windows_a_bar) {
    return std::unexpected(Error::setup(
        fmt::format("slide {} puts every bar into {} windows of {}, and {} is the limit; make slide at least {}",
                    format_duration(windows.slide), times, format_duration(windows.size), most_windows_a_bar,
                    format_duration(std::chrono::ceil<std::chrono::seconds>(windows.size / most_windows_a_bar)))));
  }
  return {};
}

}  // namespace tidemark
