// Values as people write them on a command line or in tidemark.toml, and what they mean.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "app/config/run_options.h"
#include "core/result.h"
#include "core/stream/window_spec.h"
#include "core/time/time.h"
#include "io/alpaca/account.h"
#include "io/query/query.h"

namespace tidemark {

// The value, or what the text must be for there to be one: "a whole number from 0 to 65535".
template <typename T>
using Meaning = std::expected<T, std::string>;

Meaning<std::uint64_t> read_whole_number(std::string_view text, std::uint64_t low, std::uint64_t high);
Meaning<Duration> read_duration(std::string_view text, Duration low, Duration high);
Meaning<Duration> read_commit_interval(std::string_view text);      // 100ms, 1s
Meaning<std::optional<Duration>> read_keep(std::string_view text);  // 7d, forever
Meaning<LakeAddress> read_lake(std::string_view text);              // webhdfs://namenode:9870/lake, s3://bucket/lake
Meaning<std::string> read_s3_region(std::string_view text);         // eu-central-1
Meaning<HiveUrl> read_hive(std::string_view text);                  // thrift://metastore:9083
Meaning<std::string> read_hive_name(std::string_view text);         // of a database: letters, digits and _
Meaning<std::string> read_hive_location(std::string_view text);     // hdfs://nameservice1/lake
Meaning<HiveTime> read_hive_time(std::string_view text);            // bigint, timestamp
Meaning<PageCompression> read_codec(std::string_view text);         // zstd, snappy
Meaning<unsigned> read_file_mode(std::string_view text);            // 0644, 640: read and write, the owner's both
Meaning<std::optional<Duration>> read_compact_after(std::string_view text);  // 1h, never
Meaning<Duration> read_max_ahead(std::string_view text);                     // 1h, off: 0
Meaning<bool> read_switch(std::string_view text);                            // true, false, 1, 0
Meaning<std::uint64_t> read_byte_size(std::string_view text);                // 1GB, 512MiB, 1000000
Meaning<std::uint64_t> read_verb_memory(std::string_view text);              // such a size, from 64MB on
Meaning<std::uint64_t> read_sort_memory(std::string_view text);              // such a size, from 4MB on
Meaning<BarFormat> read_bar_format(std::string_view text);
Meaning<ConsoleFormat> read_console_format(std::string_view text);
Meaning<std::uint64_t> read_log_size(std::string_view text);             // such a size, from 10MB on
Meaning<std::optional<double>> read_speed(std::string_view text);        // 60, 0.5, max
Meaning<SymbolChoice> read_symbols(std::span<const std::string> texts);  // names, or one number
Meaning<EventTime> read_minute(std::string_view text);                   // a timestamp on a whole minute
Meaning<std::chrono::sys_days> read_day(std::string_view text);          // 2026-11-22, a UTC date
Meaning<Delivery> read_delivery(std::string_view text);
Meaning<std::string> read_kafka_word(std::string_view text);    // a part of a name of topics, groups and transactions
Meaning<Allow> read_allow(std::string_view text);               // loopback, always, never
Meaning<EventTime> read_time(std::string_view text);            // such a date, or a timestamp
Meaning<std::set<Reason>> read_reasons(std::string_view text);  // missing,bad_json
Meaning<std::set<std::string>> read_fields(std::string_view text);  // open,close
Meaning<const FeedSpec*> read_feed(std::string_view text);
Meaning<AlpacaFeed> read_alpaca_feed(std::string_view text);
Meaning<std::string> read_adjustment(std::string_view text);  // raw, split, dividend, all
Meaning<Level> read_level(std::string_view text);
Meaning<JournalFormat> read_journal_format(std::string_view text);
Meaning<QueryFormat> read_query_format(std::string_view text);
Meaning<ImportFormat> read_import_format(std::string_view text);
Meaning<TimeZone> read_time_zone(std::string_view text);
Meaning<TimeFormat> read_time_format(std::string_view text);  // %m/%d/%Y %H:%M
Meaning<BarTime> read_bar_time(std::string_view text);        // start, end
Meaning<char> read_decimal(std::string_view text);            // . ,
Meaning<char> read_thousands(std::string_view text);          // one character, or none: '\0'
Meaning<int> read_price_scale(std::string_view text);         // 1e-9, 0.01: its power of ten

// Bounds of each of the three; what they must be to one another is judged by check_windows.
Meaning<Duration> read_window_size(std::string_view text);
Meaning<Duration> read_window_slide(std::string_view text);
Meaning<Duration> read_window_delay(std::string_view text);

// size a multiple of slide, and not of too many (every bar stands in size / slide windows).
Result<void> check_windows(const WindowSpec& windows);

}  // namespace tidemark
