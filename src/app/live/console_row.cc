#include "app/live/console_row.h"

#include <fmt/format.h>

#include <array>

#include "core/transcribe/json_walk.h"

namespace tidemark {
namespace {

enum class Side : std::uint8_t { Left, Right };
struct Column {
  std::string_view field, heading;
  std::size_t width;
  Side side;
};
constexpr std::array columns{
    Column{"window_end", "window end (UTC)", 19, Side::Left},
    Column{"symbol", "symbol", 10, Side::Left},
    Column{"trend_signal", "signal", 7, Side::Left},
    Column{"avg_close", "avg close", 14, Side::Right},
    Column{"avg_pct_change", "change %", 9, Side::Right},
    Column{"price_range", "range", 12, Side::Right},
    Column{"volatility", "volatility", 12, Side::Right},
    Column{"avg_volume", "avg volume", 14, Side::Right},
    Column{"bar_count", "bars", 5, Side::Right},
    Column{"status", "", 6, Side::Left},
};

void append_cell(std::string_view text, const Column& column, std::string& out) {
  if (column.side == Side::Left)
    fmt::format_to(std::back_inserter(out), "{:<{}}", text, column.width);
  else
    fmt::format_to(std::back_inserter(out), "{:>{}}", text, column.width);
}

std::string_view colour_of(std::string_view signal) {
  if (signal == "BULLISH") return "\x1b[32m";
  if (signal == "BEARISH") return "\x1b[31m";
  return {};
}

void trim(std::string& out) { out.resize(out.find_last_not_of(' ') + 1); }

}  // namespace

std::string console_heading() {
  std::string out;
  for (const Column& column : columns) {
    if (!out.empty()) out += "  ";
    append_cell(column.heading, column, out);
  }
  trim(out);
  return out;
}

void append_console_row(std::string_view json, Colour colour, std::string& out) {
  const std::size_t begin = out.size();
  for (const Column& column : columns) {
    const std::string_view value = json_member(json, column.field);
    std::string_view text = value.starts_with('"') ? inside_quotes(value) : value;
    if (text == "null") text = "-";
    if (column.field == "status" && text == "final") text = {};
    if (out.size() > begin) out += "  ";
    const std::string_view paint =
        colour == Colour::Yes && column.field == "trend_signal" ? colour_of(text) : std::string_view();
    out += paint;
    append_cell(text, column, out);
    if (!paint.empty()) out += "\x1b[0m";
  }
  trim(out);
}

}  // namespace tidemark
