#include "core/wire/encode.h"

#include "core/time/timestamp.h"
#include "core/wire/row_writer.h"

namespace tidemark {
namespace {

// A bar without the closing brace.
void append_open_bar(const Bar& bar, std::string& out) {
  const BarValues& values = bar.values;
  RowWriter row;
  row.text(R"({"symbol":)");
  append_name(bar.symbol, row, out);
  row.text(R"(,"timestamp":")");
  row.flush(out);
  append_timestamp(values.time, out);
  row.text(R"(","open":)");
  row.decimal(values.open.nanos);
  row.text(R"(,"high":)");
  row.decimal(values.high.nanos);
  row.text(R"(,"low":)");
  row.decimal(values.low.nanos);
  row.text(R"(,"close":)");
  row.decimal(values.close.nanos);
  row.text(R"(,"volume":)");
  row.decimal(values.volume.nanos);
  row.text(R"(,"vwap":)");
  if (values.vwap.has_value())
    row.decimal(values.vwap.value().nanos);
  else
    row.text("null");
  row.text(R"(,"price_change":)");
  row.decimal(values.price_change.nanos);
  row.text(R"(,"pct_change":)");
  row.decimal(values.pct_change.nanos);
  row.text(R"(,"direction":")");
  row.text(to_string(values.direction));
  row.text(R"(","trade_count":)");
  if (values.trade_count.has_value())
    row.integer(values.trade_count.value());
  else
    row.text("null");
  row.text(R"(,"feed":)");
  if (bar.feed)
    append_name(*bar.feed, row, out);
  else
    row.text("null");
  row.flush(out);
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // nothing from here on has been written yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    const auto c = static_cast<unsigned char>(text[i]);
    out.append(text, plain, i - plain);
    plain = i + 1;
    constexpr std::string_view raw = "\"\\\b\t\n\f\r", names = "\"\\btnfr";
    if (const auto named = raw.find(static_cast<char>(c)); named != raw.npos) {
      out += '\\';
      out += names[named];
    } else {
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

void append_decimal(Int128 nanos, std::string& out) {
  RowWriter row;
  row.decimal(nanos);
  row.flush(out);
}

void append_fixed4(Int128 units, std::string& out) {
  RowWriter row;
  row.fixed4(units);
  row.flush(out);
}

void append_fixed(Int128 nanos, int places, std::string& out) {
  RowWriter row;
  row.fixed(nanos, places);
  row.flush(out);
}

void append_bar(const Bar& bar, std::string& out) {
  append_open_bar(bar, out);
  out += '}';
}

void append_judged_bar(const Bar& bar, Verdict verdict, std::int64_t position, std::string& out) {
  append_open_bar(bar, out);
  out += R"(,"verdict":)";
  append_json_string(to_string(verdict), out);
  out += R"(,"position":)";
  out += std::to_string(position);
  out += '}';
}

}  // namespace tidemark
