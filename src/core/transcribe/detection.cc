#include "core/transcribe/detection.h"

#include <algorithm>

#include "core/transcribe/json_walk.h"
#include "core/transcribe/msgpack_text.h"
#include "core/wire/decode.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr std::size_t first_of_msgpack = 24;        // bytes needed to recognize it
constexpr std::size_t most_waited_for = 16 * 1024;  // of a text over many lines that is not recognized yet

// The first member, or pair of members, that identifies the format decides. So reading more of the object never changes
// the answer.
BarFormat format_of_object(std::string_view object) {
  bool has_event = false, has_kline = false, has_stream = false, has_data = false;
  JsonWalk walk(object);
  while (walk.next() || (walk.is_cut_off() && !walk.value().empty())) {
    const std::string_view name = walk.name();
    const char begin = walk.value().front();
    if ((name == "T" && begin == '"') || (name == "bars" && (begin == '{' || begin == '['))) return BarFormat::Alpaca;
    if ((name == "ev" && begin == '"') || (name == "results" && begin == '[')) return BarFormat::Polygon;
    has_event = has_event || (name == "e" && begin == '"');
    has_kline = has_kline || (name == "k" && begin == '{');
    has_stream = has_stream || (name == "stream" && begin == '"');
    has_data = has_data || (name == "data" && begin == '{');
    if ((has_event && has_kline) || (has_stream && has_data)) return BarFormat::Binance;
    if (walk.is_cut_off()) break;
  }
  return BarFormat::JsonLines;
}

// A list begins with a time and continues with numbers, or numbers in strings.
bool is_list_of_values(std::string_view list) {
  std::size_t values = 0;
  for (JsonWalk walk(list); walk.next() && values < 6; ++values) {
    const std::string_view bare = walk.value().front() == '"' ? inside_quotes(walk.value()) : walk.value();
    if (bare.empty() || end_of_number(bare.data(), bare.data() + bare.size()) != bare.data() + bare.size())
      return false;
  }
  return values == 6;
}

BarFormat format_of(std::string_view text, const TranscribeOptions& options) {
  if (text.front() == '{') return format_of_object(text);
  JsonWalk walk(text);
  if (!walk.next() && !walk.is_cut_off()) return BarFormat::JsonLines;
  const std::string_view first = walk.value();
  if (!first.empty() && first.front() == '{') return format_of_object(first);
  const bool is_list = is_list_of_values(text) || (!first.empty() && first.front() == '[' && is_list_of_values(first));
  const bool has_symbol = !options.symbol.empty() || options.symbol_from_name;
  return is_list && has_symbol ? BarFormat::Binance : BarFormat::JsonLines;
}

bool is_whole(std::string_view line) {
  Fields fields;
  return JsonReader().read(line, fields) != Reason::BadJson;
}

bool is_bar_or_heartbeat(std::string_view line) { return !std::holds_alternative<Reject>(Decoder().decode(line)); }

}  // namespace

std::optional<FileKind> detect(std::string_view beginning, bool is_all, const TranscribeOptions& options) {
  if (options.format == BarFormat::JsonLines) return FileKind{};
  const std::size_t first = std::min(beginning.find_first_not_of(" \t\r\n"), beginning.size());
  if (first == beginning.size()) {
    const bool is_blank_line = beginning.size() - (beginning.rfind('\n') + 1) >= most_detection_bytes;
    return is_all || is_blank_line ? std::optional(FileKind{}) : std::nullopt;
  }
  // Bytes beyond the limit are ignored, so that the answer does not depend on how the bytes arrive.
  is_all = is_all || beginning.size() - first >= most_detection_bytes;
  beginning = beginning.substr(first, most_detection_bytes);
  if (const auto byte = static_cast<unsigned char>(beginning.front());
      (options.format == BarFormat::Auto || options.format == BarFormat::Alpaca) && byte >= 0x80) {
    if (beginning.size() < first_of_msgpack && !is_all) return std::nullopt;
    if (begins_as_msgpack_message(beginning)) return FileKind{BarFormat::Alpaca, Framing::MessagePack};
  }
  const std::size_t end = beginning.find('\n');
  if (end == beginning.npos && !is_all) return std::nullopt;
  const std::string_view line = beginning.substr(0, end);
  const bool is_json = beginning.front() == '{' || beginning.front() == '[';
  const Framing framing = is_json && !is_whole(line) ? Framing::Texts : Framing::Lines;
  if (options.format != BarFormat::Auto) return FileKind{options.format, framing};
  if (!is_json || is_bar_or_heartbeat(line)) return FileKind{};
  // A text that spans lines breaks after a bracket or a comma. For a line that is merely damaged, no more bytes are
  // needed.
  const std::size_t last = line.find_last_not_of(" \t\r");
  const bool goes_on = framing == Framing::Texts && std::string_view("{[,").find(line[last]) != std::string_view::npos;
  const std::string_view shown = goes_on ? beginning.substr(0, most_waited_for) : line;
  const FileKind kind{format_of(shown, options), framing};
  const bool is_known = kind.format != BarFormat::JsonLines || !goes_on || shown.size() == most_waited_for;
  return is_known || is_all ? std::optional(kind) : std::nullopt;
}

}  // namespace tidemark
