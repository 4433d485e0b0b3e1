// Bar formats: who wrote the JSON in a file, and how it is cut into texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

enum class BarFormat : std::uint8_t {
  Auto,       // what the file's first record tells
  JsonLines,  // bars as the contract has them, one a line
  Alpaca,     // messages of the stream, JSON or MessagePack, and answers of the history
  Polygon,    // aggregates of the stream and of the history
  Binance,    // klines of the stream, and lists [time, open, high, low, close, volume, …]
};
std::string_view to_string(BarFormat format);  // "auto" …
std::optional<BarFormat> parse_bar_format(std::string_view text);

struct TranscribeOptions {
  BarFormat format = BarFormat::JsonLines;
  std::string symbol;             // of lists, which name none; empty: nobody said
  bool symbol_from_name = false;  // the file's name is the symbol of its lists
  // Of lists: the field that stands in each place, empty where it is none. Without any it is time, open, high, low, close,
  // volume.
  std::vector<std::string> list_fields;
};

// "data/AAPL.csv.gz" → "AAPL". What stands behind other points belongs to the name: BRK.B.csv.
std::string symbol_of_file_name(std::string_view path);

}  // namespace tidemark
