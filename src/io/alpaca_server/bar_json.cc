#include "io/alpaca_server/bar_json.h"

#include "core/time/timestamp.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

void append_member(std::string_view name, Int128 nanos, std::string& out) {
  out += name;
  append_decimal(nanos, out);
}

void append_count(std::string_view name, OptionalCount count, std::string& out) {
  out += name;
  if (count.has_value())
    append_decimal(Int128{count.value()} * 1'000'000'000, out);
  else
    out += "null";
}

void append_price(std::string_view name, OptionalPrice price, std::string& out) {
  out += name;
  if (price.has_value())
    append_decimal(price.value().nanos, out);
  else
    out += "null";
}

void append_time(std::string_view name, EventTime time, std::string& out) {
  out += name;
  append_timestamp(time, out);
  out += '"';
}

}  // namespace

void append_rest_bar(const TapeBar& bar, std::string& out) {
  append_member(R"({"c":)", bar.close.nanos, out);
  append_member(R"(,"h":)", bar.high.nanos, out);
  append_member(R"(,"l":)", bar.low.nanos, out);
  append_count(R"(,"n":)", bar.trade_count, out);
  append_member(R"(,"o":)", bar.open.nanos, out);
  append_time(R"(,"t":")", bar.time, out);
  append_member(R"(,"v":)", bar.volume.nanos, out);
  append_price(R"(,"vw":)", bar.vwap, out);
  out += '}';
}

void append_stream_bar(char type, std::string_view symbol, const TapeBar& bar, std::string& out) {
  out += R"({"T":")";
  out += type;
  out += R"(","S":)";
  append_json_string(symbol, out);
  append_member(R"(,"o":)", bar.open.nanos, out);
  append_member(R"(,"h":)", bar.high.nanos, out);
  append_member(R"(,"l":)", bar.low.nanos, out);
  append_member(R"(,"c":)", bar.close.nanos, out);
  append_member(R"(,"v":)", bar.volume.nanos, out);
  append_time(R"(,"t":")", bar.time, out);
  append_count(R"(,"n":)", bar.trade_count, out);
  append_price(R"(,"vw":)", bar.vwap, out);
  out += '}';
}

std::string rest_message(std::string_view message) {
  std::string body = R"({"message":)";
  append_json_string(message, body);
  return body + '}';
}

}  // namespace tidemark
