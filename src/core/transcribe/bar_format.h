// Bar formats: who wrote the JSON in a file, which decides how it is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

enum class BarFormat : std::uint8_t {
  Auto,       // detected from the file's first record
  JsonLines,  // the contract's bars, one per line
  Alpaca,     // messages of the stream, JSON or MessagePack, and answers of the history
  Polygon,    // aggregates of the stream and of the history
  Binance,    // klines of the stream, and lists [time, open, high, low, close, volume, …]
};
std::string_view to_string(BarFormat format);  // "auto" …
std::optional<BarFormat> parse_bar_format(std::string_view text);

struct TranscribeOptions {
  BarFormat format = BarFormat::JsonLines;
  std::string symbol;             // for lists, which name no symbol; empty: not stated
  bool symbol_from_name = false;  // the file's name is the symbol of its lists
  // For lists: the field in each position, empty where there is none. Without any: time, open, high, low, close,
  // volume.
  std::vector<std::string> list_fields;
};

// "data/AAPL.csv.gz" → "AAPL". Other text after a point belongs to the name: BRK.B.csv.
std::string symbol_of_file_name(std::string_view path);

}  // namespace tidemark
