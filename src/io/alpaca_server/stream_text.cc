#include "io/alpaca_server/stream_text.h"

#include <array>

#include "core/wire/encode.h"
#include "io/alpaca_server/bar_json.h"
#include "io/alpaca_server/msgpack.h"

namespace tidemark {
namespace {

struct ErrorText {
  int code;
  std::string_view text;
};
constexpr std::array error_texts{ErrorText{400, "invalid syntax"},
                                 ErrorText{401, "not authenticated"},
                                 ErrorText{402, "auth failed"},
                                 ErrorText{403, "already authenticated"},
                                 ErrorText{404, "auth timeout"},
                                 ErrorText{405, "symbol limit exceeded"},
                                 ErrorText{406, "connection limit exceeded"},
                                 ErrorText{407, "slow client"},
                                 ErrorText{408, "v2 not enabled"},
                                 ErrorText{409, "insufficient subscription"},
                                 ErrorText{410, "invalid subscribe action for this feed"},
                                 ErrorText{411, "insufficient scope"},
                                 ErrorText{500, "internal error"}};

std::string msgpack_bar(char type, std::string_view symbol, const TapeBar& bar) {
  std::string out;
  const auto price = [&](std::string_view name, Int128 nanos) {
    msgpack::append_text(name, out);
    msgpack::append_decimal(nanos, out);
  };
  msgpack::append_map_size(10, out);
  msgpack::append_text("T", out);  // the Go SDK needs it first
  msgpack::append_text({&type, 1}, out);
  msgpack::append_text("S", out);
  msgpack::append_text(symbol, out);
  price("o", bar.open.nanos);
  price("h", bar.high.nanos);
  price("l", bar.low.nanos);
  price("c", bar.close.nanos);
  msgpack::append_text("v", out);
  msgpack::append_quantity(bar.volume.nanos, out);
  msgpack::append_text("t", out);
  msgpack::append_timestamp(bar.time, out);
  msgpack::append_text("n", out);
  if (bar.trade_count.has_value())
    msgpack::append_integer(bar.trade_count.value(), out);
  else
    msgpack::append_null(out);
  msgpack::append_text("vw", out);
  if (bar.vwap.has_value())
    msgpack::append_decimal(bar.vwap.value().nanos, out);
  else
    msgpack::append_null(out);
  return out;
}

}  // namespace

std::string_view stream_error_text(int code) {
  for (const ErrorText& each : error_texts)
    if (each.code == code) return each.text;
  return {};
}

namespace stream_text {

std::string success(Encoding encoding, std::string_view message) {
  std::string out;
  if (encoding == Encoding::Json) {
    out = R"([{"T":"success","msg":)";
    append_json_string(message, out);
    return out + "}]";
  }
  msgpack::append_array_size(1, out);
  msgpack::append_map_size(2, out);
  for (const std::string_view word :
       {std::string_view("T"), std::string_view("success"), std::string_view("msg"), message})
    msgpack::append_text(word, out);
  return out;
}

std::string error(Encoding encoding, int code) {
  std::string out;
  if (encoding == Encoding::Json) {
    out = R"([{"T":"error","code":)" + std::to_string(code) + R"(,"msg":)";
    append_json_string(stream_error_text(code), out);
    return out + "}]";
  }
  msgpack::append_array_size(1, out);
  msgpack::append_map_size(3, out);
  for (const auto* word : {"T", "error", "code"}) msgpack::append_text(word, out);
  msgpack::append_integer(code, out);
  msgpack::append_text("msg", out);
  msgpack::append_text(stream_error_text(code), out);
  return out;
}

std::string subscription(Encoding encoding,
                         const std::vector<std::pair<std::string_view, std::vector<std::string>>>& channels) {
  std::string out;
  if (encoding == Encoding::Json) {
    out = R"([{"T":"subscription")";
    for (const auto& [channel, symbols] : channels) {
      out += ',';
      append_json_string(channel, out);
      out += ":[";
      for (std::size_t i = 0; i < symbols.size(); ++i) {
        if (i > 0) out += ',';
        append_json_string(symbols[i], out);
      }
      out += ']';
    }
    return out + "}]";
  }
  msgpack::append_array_size(1, out);
  msgpack::append_map_size(channels.size() + 1, out);
  msgpack::append_text("T", out);
  msgpack::append_text("subscription", out);
  for (const auto& [channel, symbols] : channels) {
    msgpack::append_text(channel, out);
    msgpack::append_array_size(symbols.size(), out);
    for (const std::string& symbol : symbols) msgpack::append_text(symbol, out);
  }
  return out;
}

std::string bar(Encoding encoding, char type, std::string_view symbol, const TapeBar& bar) {
  if (encoding == Encoding::MessagePack) return msgpack_bar(type, symbol, bar);
  std::string out;
  append_stream_bar(type, symbol, bar, out);
  return out;
}

}  // namespace stream_text

void BarFrame::add(std::string_view bar) {
  if (encoding_ == Encoding::Json && size_ > 0) body_ += ',';
  ++size_;
  body_ += bar;
}

std::string BarFrame::take() {
  std::string frame;
  frame.reserve(body_.size() + 8);
  if (encoding_ == Encoding::Json)
    frame.append(1, '[').append(body_).append(1, ']');
  else
    msgpack::append_array_size(size_, frame), frame += body_;
  size_ = 0;
  body_.clear();
  return frame;
}

}  // namespace tidemark
