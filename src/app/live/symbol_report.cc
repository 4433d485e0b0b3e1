#include "app/live/symbol_report.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "core/wire/encode.h"
#include "io/net/json_value.h"

namespace tidemark {
namespace {

using Kind = SymbolChange::Kind;

void append_list(const std::vector<std::string>& texts, std::string& out) {
  out += '[';
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    append_json_string(text, out);
  }
  out += ']';
}

std::optional<std::vector<std::string>> list(const JsonValue* value) {
  if (value == nullptr || value->kind != JsonValue::Kind::Array) return std::nullopt;
  std::vector<std::string> texts;
  for (const JsonValue& item : value->items) {
    if (item.kind != JsonValue::Kind::String) return std::nullopt;
    texts.push_back(item.text);
  }
  return texts;
}

}  // namespace

std::string write_report(const SymbolReport& report) {
  std::string out = R"({"feed":)";
  append_json_string(report.feed, out);
  out += fmt::format(R"(,"chosen":{},"symbols":)", report.chosen);
  append_list(report.symbols, out);
  out += R"(,"told":)";
  append_list(report.told, out);
  return out + '}';
}

Result<SymbolReport> read_report(std::string_view json) {
  const auto value = parse_json(json);
  if (!value) return std::unexpected(value.error());
  const auto feed = value->text_of("feed");
  const JsonValue* const chosen = value->find("chosen");
  auto symbols = list(value->find("symbols")), told = list(value->find("told"));
  if (!feed || chosen == nullptr || !symbols || !told)
    return std::unexpected(Error::permanent("it answers something else than symbols; is it of another version?"));
  return SymbolReport{
      .feed = *feed, .chosen = chosen->boolean, .symbols = std::move(*symbols), .told = std::move(*told)};
}

std::string write_change(const SymbolChange& change) {
  std::string out = fmt::format(R"({{"{}":)", to_string(change.kind));
  if (change.kind == Kind::Reset)
    out += "true";
  else
    append_list(change.names, out);
  return out + '}';
}

Result<SymbolChange> read_change(std::string_view json) {
  const auto wrong = [](std::string_view sentence) { return std::unexpected(Error::setup(std::string(sentence))); };
  constexpr std::string_view shape =
      R"(one of {"add":["A"]}, {"remove":["A"]}, {"set":["A"]}, {"reset":true} is read here)";
  const auto value = parse_json(json);
  if (!value) return wrong(value.error().message());
  if (value->kind != JsonValue::Kind::Object || value->names.size() != 1) return wrong(shape);
  for (const Kind kind : {Kind::Add, Kind::Remove, Kind::Set, Kind::Reset}) {
    if (value->names.front() != to_string(kind)) continue;
    if (kind == Kind::Reset) return value->items.front().boolean ? Result<SymbolChange>({.kind = kind}) : wrong(shape);
    auto names = list(&value->items.front());
    if (!names) return wrong(shape);
    return SymbolChange{.kind = kind, .names = std::move(*names)};
  }
  return wrong(shape);
}

}  // namespace tidemark
