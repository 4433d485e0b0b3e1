#include "io/alpaca/stream_message.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "core/wire/encode.h"
#include "core/wire/server_words.h"

namespace tidemark {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t most_refusals = 16;  // of a frame; more say nothing new

std::string text_of(ondemand::object& message, const char* name) {
  std::string_view text;
  return message.find_field_unordered(name).get_string().get(text) == simdjson::SUCCESS ? std::string(text)
                                                                                        : std::string();
}

simdjson::error_code read_message(ondemand::object message, BarText& text, StreamFrame& frame) {
  const std::string type = text_of(message, "T");
  if (type == "b" || type == "u") {
    std::string_view raw;
    if (const auto error = message.raw_json().get(raw)) return error;
    frame.bars.push_back({.bar = text.read(raw, {}), .is_update = type == "u"});
  } else if (type == "success") {
    const std::string what = text_of(message, "msg");
    frame.connected |= what == "connected";
    frame.authenticated |= what == "authenticated";
  } else if (type == "error") {
    std::int64_t code = 0;
    if (const auto error = message.find_field_unordered("code").get_int64().get(code)) return error;
    if (frame.refusals.size() < most_refusals)
      frame.refusals.push_back({.code = static_cast<int>(code), .message = server_words(text_of(message, "msg"))});
  } else if (type == "subscription") {
    frame.subscribed = true;
    ondemand::array bars;
    if (message.find_field_unordered("bars").get_array().get(bars) != simdjson::SUCCESS) return simdjson::SUCCESS;
    for (auto symbol : bars) {
      std::string_view name;
      if (const auto error = symbol.get_string().get(name)) return error;
      frame.symbols.emplace_back(name);
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_messages(std::string& padded, BarText& text, StreamFrame& frame) {
  const std::size_t size = padded.size();
  padded.append(simdjson::SIMDJSON_PADDING, '\0');
  // The whole is checked before anything of it is believed.
  thread_local simdjson::dom::parser checker;
  simdjson::dom::array ignored;
  if (const auto error = checker.parse(padded.data(), size, false).get_array().get(ignored)) return error;
  thread_local ondemand::parser parser;
  ondemand::document document;
  if (const auto error = parser.iterate(padded.data(), size, padded.size()).get(document)) return error;
  ondemand::array messages;
  if (const auto error = document.get_array().get(messages)) return error;
  for (auto each : messages) {
    ondemand::object message;
    if (const auto error = each.get_object().get(message)) return error;
    if (const auto error = read_message(message, text, frame)) return error;
  }
  return simdjson::SUCCESS;
}

void append_names(std::string_view list, const std::vector<std::string>& symbols, std::string& out) {
  out += fmt::format(R"(,"{}":[)", list);
  for (const std::string& symbol : symbols) {
    if (out.back() != '[') out += ',';
    append_json_string(symbol, out);
  }
  out += ']';
}

}  // namespace

Result<StreamFrame> read_frame(std::string& padded, BarText& text) {
  StreamFrame frame;
  const std::size_t size = padded.size();
  const auto error = read_messages(padded, text, frame);
  padded.resize(size);
  if (error) return std::unexpected(Error::permanent(simdjson::error_message(error)));
  return frame;
}

std::string write_auth(std::string_view key, std::string_view secret) {
  std::string out = R"({"action":"auth","key":)";
  append_json_string(key, out);
  out += R"(,"secret":)";
  append_json_string(secret, out);
  return out + '}';
}

std::string write_subscription(std::string_view action, const std::vector<std::string>& symbols, bool with_statuses) {
  std::string out = fmt::format(R"({{"action":"{}")", action);
  append_names("bars", symbols, out);
  append_names("updatedBars", symbols, out);
  if (with_statuses) append_names("statuses", symbols, out);
  return out + '}';
}

}  // namespace tidemark
