#include "io/alpaca/bar_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "core/time/timestamp.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "core/wire/server_words.h"

namespace tidemark {
namespace {

namespace ondemand = simdjson::ondemand;

// What Alpaca calls a field, and what it is called in alpaca_trends; empty: it is left out.
std::string_view field_of(std::string_view name) {
  if (name.size() == 1) {
    switch (name.front()) {
      case 'S':
        return "symbol";
      case 't':
        return "timestamp";
      case 'o':
        return "open";
      case 'h':
        return "high";
      case 'l':
        return "low";
      case 'c':
        return "close";
      case 'v':
        return "volume";
      case 'n':
        return "trade_count";
      default:
        return {};
    }
  }
  return name == "vw" ? "vwap" : std::string_view();
}

std::string_view trimmed(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == token.npos ? 0 : last + 1);
}

// Of a string without escapes; else empty.
std::string_view inside(std::string_view bytes) {
  const bool is_plain = bytes.size() >= 2 && bytes.front() == '"' && bytes.find('\\') == bytes.npos;
  return is_plain ? bytes.substr(1, bytes.size() - 2) : std::string_view();
}

// The bytes of a value as they came, so that nobody rounds a number.
simdjson::error_code bytes_of(ondemand::value& value, std::string_view& bytes) {
  const char first = *value.raw_json_token().data();
  if (first == '{') {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    return object.raw_json().get(bytes);
  }
  if (first == '[') {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    return array.raw_json().get(bytes);
  }
  bytes = trimmed(value.raw_json_token());
  return simdjson::SUCCESS;
}

bool is_at_end(ondemand::document& document) { return document.current_location().error() == simdjson::OUT_OF_BOUNDS; }

}  // namespace

class BarText::Transcriber {
 public:
  explicit Transcriber(std::string_view series) {
    feed_ = R"("feed":)";
    append_json_string(series, feed_);
    feed_ += '}';
  }

  FetchedBar read(std::string_view object, std::string_view symbol) {
    if (!transcribe_text(object, symbol)) text_.assign(object), key_.assign(symbol);
    return judge();
  }

  Result<HistoryPage> read_page(std::string_view json) {
    HistoryPage page;
    page.bars.reserve(json.size() / 90);  // as small as bars are
    auto read = read_bars(json, page.next, [&](std::string_view symbol, ondemand::value& bar) {
      const auto error = transcribe_element(symbol, bar);
      if (!error) page.bars.push_back(judge());
      return error;
    });
    if (!read) return std::unexpected(read.error());
    return page;
  }

  Result<std::string> read_lines(std::string_view json) {
    std::string lines, next;
    lines.reserve(json.size() * 5 / 3);  // names are longer here
    auto read = read_bars(json, next, [&](std::string_view symbol, ondemand::value& bar) {
      const auto error = transcribe_element(symbol, bar);
      // A line is a record; a line end in one is a blank of JSON, or what its judge will not like anyway.
      std::ranges::replace(text_, '\n', ' ');
      lines += text_;
      lines += '\n';
      return error;
    });
    if (!read) return std::unexpected(read.error());
    return lines;
  }

  // Behind a glance the page is kept, and read only when all are there; so it is checked here as a whole.
  Result<PageFacts> glance(std::string_view json) {
    PageFacts facts;
    if (const auto error = check(json)) return std::unexpected(no_page(error, json));
    const char* last = nullptr;
    auto read = read_bars(json, facts.next, [&](std::string_view symbol, ondemand::value& bar) {
      if (facts.symbols.empty() || facts.symbols.back() != symbol) facts.symbols.emplace_back(symbol);
      ++facts.bars;
      last = bar.raw_json_token().data();
      return simdjson::SUCCESS;
    });
    if (!read) return std::unexpected(read.error());
    if (!last) return facts;
    const std::string_view rest(last, static_cast<std::size_t>(padded_.data() + padded_.size() - last));
    const std::string object(rest.substr(0, rest.find('}') + 1));
    if (!transcribe_text(object, facts.symbols.back())) return facts;
    decoder_.decode(text_, decoded_);
    if (const auto* const bar = std::get_if<Bar>(&decoded_)) facts.last_time = bar->values.time;
    return facts;
  }

 private:
  void begin(std::string_view symbol) {
    text_.assign(1, '{');
    key_.assign(symbol);
    has_outer_symbol_ = !symbol.empty();
    if (!has_outer_symbol_) return;
    text_ += R"("symbol":)";
    append_json_string(symbol, text_);
    text_ += ',';
  }

  // False: it is not even an object.
  bool transcribe_text(std::string_view object, std::string_view symbol) {
    begin(symbol);
    padded_.assign(object);
    padded_.append(simdjson::SIMDJSON_PADDING, ' ');
    ondemand::document document;
    ondemand::object members;
    if (parser_.iterate(padded_.data(), object.size(), padded_.size()).get(document)) return false;
    return !document.get_object().get(members) && !transcribe(members) && is_at_end(document);
  }

  simdjson::error_code transcribe(ondemand::object& members) {
    for (auto found : members) {
      ondemand::field field;
      std::string_view name, bytes;
      if (const auto error = std::move(found).get(field)) return error;
      if (const auto error = field.unescaped_key().get(name)) return error;
      const std::string_view ours = field_of(name);
      if (ours.empty() || (has_outer_symbol_ && name == "S")) continue;
      if (const auto error = bytes_of(field.value(), bytes)) return error;
      text_ += '"';
      text_ += ours;
      text_ += "\":";
      text_ += bytes;
      text_ += ',';
      if (name == "S") key_.assign(inside(bytes));
    }
    text_ += feed_;
    return simdjson::SUCCESS;
  }

  simdjson::error_code transcribe_element(std::string_view symbol, ondemand::value& bar) {
    begin(symbol);
    ondemand::json_type type;
    if (const auto error = bar.type().get(type)) return error;
    if (type == ondemand::json_type::object) {
      ondemand::object members;
      if (const auto error = bar.get_object().get(members)) return error;
      return transcribe(members);
    }
    std::string_view bytes;
    if (const auto error = bytes_of(bar, bytes)) return error;
    text_.assign(bytes);
    return simdjson::SUCCESS;
  }

  // Of the text that was transcribed.
  FetchedBar judge() {
    FetchedBar fetched{.time = last_, .record = {}};
    decoder_.decode(text_, decoded_);
    if (const auto* const bar = std::get_if<Bar>(&decoded_)) {
      fetched.time = last_ = bar->values.time;
      fetched.is_bar = true;
      fetched.record.key.assign(bar->symbol);
      fetched.record.value.reserve(288);
      append_bar(*bar, fetched.record.value);
      return fetched;
    }
    fetched.record.key = key_;
    fetched.record.value = text_;
    if (text_.size() <= max_record_bytes) return fetched;
    fetched.record.bytes_in_all = text_.size();
    fetched.record.value.resize(max_record_bytes);
    return fetched;
  }

  using Take = std::function<simdjson::error_code(std::string_view symbol, ondemand::value& bar)>;

  Result<void> read_bars(std::string_view json, std::string& next, const Take& take) {
    const auto error = read_members(json, next, take);
    if (!error) return {};
    return std::unexpected(no_page(error, json));
  }

  static Error no_page(simdjson::error_code error, std::string_view json) {
    return Error::permanent(
        fmt::format("the answer is no page of bars ({}): {}", simdjson::error_message(error), server_words(json, 200)));
  }

  // Whether every byte of it is JSON; reading on demand passes over what nobody asks for.
  static simdjson::error_code check(std::string_view json) {
    simdjson::dom::parser parser;  // of this page only: its memory is that of the page several times
    simdjson::dom::element ignored;
    return parser.parse(json.data(), json.size()).get(ignored);
  }

  simdjson::error_code read_members(std::string_view json, std::string& next, const Take& take) {
    padded_.assign(json);
    padded_.append(simdjson::SIMDJSON_PADDING, ' ');
    ondemand::document document;
    ondemand::object members;
    if (const auto error = parser_.iterate(padded_.data(), json.size(), padded_.size()).get(document)) return error;
    if (const auto error = document.get_object().get(members)) return error;
    bool has_bars = false, is_list = false;
    std::string symbol;
    for (auto found : members) {
      ondemand::field field;
      std::string_view name;
      if (const auto error = std::move(found).get(field)) return error;
      if (const auto error = field.unescaped_key().get(name)) return error;
      if (name == "bars") {
        has_bars = true;
        ondemand::json_type type;
        if (const auto error = field.value().type().get(type)) return error;
        is_list = type == ondemand::json_type::array;
        if (is_list) continue;
        bool is_absent = false;
        if (const auto error = read_null(field.value(), is_absent)) return error;
        if (is_absent) continue;
        if (const auto error = read_symbols(field.value(), take)) return error;
      } else if (name == "next_page_token" || name == "symbol") {
        std::string& into = name == "symbol" ? symbol : next;
        std::string_view text;
        bool is_absent = false;
        if (const auto error = read_null(field.value(), is_absent)) return error;
        if (is_absent) continue;
        if (const auto error = field.value().get_string().get(text)) return error;
        into.assign(text);
      }
    }
    if (!has_bars) return simdjson::NO_SUCH_FIELD;
    if (!is_at_end(document)) return simdjson::TRAILING_CONTENT;
    return is_list ? read_list_of(symbol, document, take) : simdjson::SUCCESS;
  }

  // An error for a value that only begins as null does.
  static simdjson::error_code read_null(ondemand::value& value, bool& is_null) {
    return simdjson::simdjson_result<bool>(value.is_null()).get(is_null);
  }

  // {"AAPL":[…],"MSFT":[…]}
  simdjson::error_code read_symbols(ondemand::value& value, const Take& take) {
    ondemand::object symbols;
    if (const auto error = value.get_object().get(symbols)) return error;
    for (auto found : symbols) {
      ondemand::field field;
      std::string_view name;
      if (const auto error = std::move(found).get(field)) return error;
      if (const auto error = field.unescaped_key().get(name)) return error;
      const std::string symbol(name);
      bool is_absent = false;
      if (const auto error = read_null(field.value(), is_absent)) return error;
      if (is_absent) continue;
      if (const auto error = read_list(field.value(), symbol, take)) return error;
    }
    return simdjson::SUCCESS;
  }

  // The form for one symbol, which stands behind its bars: so they are read when it is known.
  simdjson::error_code read_list_of(std::string_view symbol, ondemand::document& document, const Take& take) {
    document.rewind();
    ondemand::value bars;
    if (const auto error = document.find_field("bars").get(bars)) return error;
    return read_list(bars, symbol, take);
  }

  simdjson::error_code read_list(ondemand::value& value, std::string_view symbol, const Take& take) {
    ondemand::array bars;
    if (const auto error = value.get_array().get(bars)) return error;
    for (auto found : bars) {
      ondemand::value bar;
      if (const auto error = std::move(found).get(bar)) return error;
      if (const auto error = take(symbol, bar)) return error;
    }
    return simdjson::SUCCESS;
  }

  std::string feed_;  // last member of each text
  ondemand::parser parser_;
  std::string padded_;
  std::string text_, key_;  // of the bar that is being read
  bool has_outer_symbol_ = false;
  Decoder decoder_;
  Decoded decoded_;
  EventTime last_{};
};

BarText::BarText(std::string_view series) : transcriber_(std::make_unique<Transcriber>(series)) {}
BarText::BarText(BarText&&) noexcept = default;
BarText& BarText::operator=(BarText&&) noexcept = default;
BarText::~BarText() = default;

FetchedBar BarText::read(std::string_view object, std::string_view symbol) {
  return transcriber_->read(object, symbol);
}
Result<HistoryPage> BarText::read_page(std::string_view json) { return transcriber_->read_page(json); }
Result<std::string> BarText::read_lines(std::string_view json) { return transcriber_->read_lines(json); }
Result<PageFacts> BarText::glance(std::string_view json) { return transcriber_->glance(json); }

}  // namespace tidemark
