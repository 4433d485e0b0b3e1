#include "core/wire/encode.h"

#include "core/time/timestamp.h"
#include "core/wire/row_writer.h"

namespace tidemark {
namespace {

// A bar without the closing brace.
void append_open_bar(const Bar& bar, std::string& out) {
  const BarValues& values = bar.values;
  append_row(out, bar.symbol.size(), [&](RowWriter row) {
    row.text(R"({"symbol":)");
    row.name(bar.symbol);
    row.text(R"(,"timestamp":")");
    return row.end();
  });
  append_timestamp(values.time, out);
  append_row(out, bar.feed ? bar.feed->size() : 0, [&](RowWriter row) {
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
      row.name(*bar.feed);
    else
      row.text("null");
    return row.end();
  });
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;  // nothing from here on has been written yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    std::array<char, most_escape_bytes> escape;
    out.append(escape.data(), write_escape(escape.data(), text[i]));
  }
  out.append(text, plain);
  out += '"';
}

void append_decimal(Int128 nanos, std::string& out) {
  append_row(out, 0, [&](RowWriter row) { return row.decimal(nanos), row.end(); });
}

void append_fixed4(Int128 units, std::string& out) {
  append_row(out, 0, [&](RowWriter row) { return row.fixed4(units), row.end(); });
}

void append_fixed(Int128 nanos, int places, std::string& out) {
  append_row(out, 0, [&](RowWriter row) { return row.fixed(nanos, places), row.end(); });
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
