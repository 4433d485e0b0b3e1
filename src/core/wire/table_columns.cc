#include "core/wire/table_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr std::size_t bar_fields = static_cast<std::size_t>(FieldName::Feed) + 1;

// As Alpaca, Polygon, Yahoo, Stooq and pandas name them; the first that is there counts.
struct UsualNames {
  FieldName field;
  std::array<std::string_view, 7> names;
};
constexpr std::array usual_names{
    UsualNames{FieldName::Symbol, {"symbol", "ticker", "sym", "s"}},
    UsualNames{FieldName::Timestamp, {"timestampns", "timestamp", "datetime", "windowstart", "date", "time", "t"}},
    UsualNames{FieldName::Open, {"open", "o"}},
    UsualNames{FieldName::High, {"high", "h"}},
    UsualNames{FieldName::Low, {"low", "l"}},
    UsualNames{FieldName::Close, {"close", "c"}},
    UsualNames{FieldName::Volume, {"volume", "vol", "v"}},
    UsualNames{FieldName::Vwap, {"vwap", "vw"}},
    UsualNames{FieldName::PriceChange, {"pricechange"}},
    UsualNames{FieldName::PctChange, {"pctchange"}},
    UsualNames{FieldName::Direction, {"direction"}},
    UsualNames{FieldName::TradeCount, {"tradecount", "transactions", "trades", "n"}},
    UsualNames{FieldName::Feed, {"feed"}},
};
static_assert(usual_names.size() == bar_fields);

// What a bar cannot be without.
constexpr bool is_required(FieldName field) { return field <= FieldName::Volume; }

std::string bare(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) text += c;
    if (c >= 'A' && c <= 'Z') text += static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::unexpected<Error> wrong(std::string message) { return std::unexpected(Error::setup(std::move(message))); }

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

class Header {
 public:
  explicit Header(std::span<const std::string> names) : names_(names) {
    for (const std::string& name : names) bare_.push_back(bare(name));
  }

  std::optional<std::size_t> usual(std::string_view name) const {
    const auto found = std::ranges::find(bare_, name);
    if (found == bare_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - bare_.begin());
  }

  // As it was said: to the letter, or else barely.
  Result<std::size_t> said(std::string_view name) const {
    if (const auto found = std::ranges::find(names_, name); found != names_.end())
      return static_cast<std::size_t>(found - names_.begin());
    if (const auto found = usual(bare(name)); found && !bare(name).empty()) return *found;
    return wrong(fmt::format("there is no column {}; there are {}", name, fmt::join(names_, ", ")));
  }

  std::string list() const { return fmt::format("{}", fmt::join(names_, ", ")); }

 private:
  std::span<const std::string> names_;
  std::vector<std::string> bare_;
};

std::optional<TableColumn> find_usual(const Header& header, const UsualNames& usual) {
  for (const std::string_view name : usual.names) {
    if (name.empty()) break;
    const auto column = header.usual(name);
    if (!column) continue;
    TableColumn found{usual.field, column, std::nullopt, {}};
    if (name == "date") found.second = header.usual("time");
    return found;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text) {
  std::vector<ColumnChoice> choices;
  for (const std::string_view said : split(text, ',')) {
    const std::size_t equals = said.find('=');
    const auto field = parse_field_name(said.substr(0, equals));
    if (equals == said.npos || !field || static_cast<std::size_t>(*field) >= bar_fields)
      return wrong(
          fmt::format("\"{}\" is not FIELD=COLUMN or FIELD=@VALUE; the fields are symbol, timestamp, open, high, low, "
                      "close, volume, vwap, price_change, pct_change, direction, trade_count, feed",
                      said));
    if (std::ranges::any_of(choices, [&](const ColumnChoice& other) { return other.field == *field; }))
      return wrong(fmt::format("{} is said twice", to_string(*field)));
    ColumnChoice choice{*field, {}, {}};
    const std::string_view what = said.substr(equals + 1);
    if (what.starts_with('@')) {
      choice.value = what.substr(1);
    } else {
      for (const std::string_view column : split(what, '+')) choice.columns.emplace_back(column);
      const std::size_t most = *field == FieldName::Timestamp ? 2 : 1;
      if (choice.columns.size() > most || std::ranges::find(choice.columns, "") != choice.columns.end())
        return wrong(fmt::format("\"{}\" names no column; only timestamp may have two, as Date+Time", said));
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

Result<std::vector<TableColumn>> find_columns(std::span<const std::string> names, std::span<const ColumnChoice> choices,
                                              const std::optional<std::string>& symbol) {
  const Header header(names);
  std::vector<TableColumn> columns;
  for (const UsualNames& usual : usual_names) {
    const auto choice = std::ranges::find(choices, usual.field, &ColumnChoice::field);
    if (choice != choices.end()) {
      TableColumn column{usual.field, std::nullopt, std::nullopt, choice->value};
      for (std::size_t i = 0; i < choice->columns.size(); ++i) {
        const auto found = header.said(choice->columns[i]);
        if (!found) return std::unexpected(found.error());
        (i == 0 ? column.column : column.second) = *found;
      }
      columns.push_back(std::move(column));
    } else if (usual.field == FieldName::Symbol && symbol) {
      columns.push_back({usual.field, std::nullopt, std::nullopt, *symbol});
    } else if (auto found = find_usual(header, usual)) {
      columns.push_back(std::move(*found));
    } else if (is_required(usual.field)) {
      const std::string name(to_string(usual.field));
      return wrong(fmt::format("no column is known to be {}; there are {}: say --columns {}=COLUMN{}", name,
                               header.list(), name,
                               usual.field == FieldName::Symbol ? ", symbol=@AAPL, or --symbol-from-name" : ""));
    }
  }
  return columns;
}

void set_text_field(FieldName name, std::string_view text, FieldValue& value) {
  if (name == FieldName::Symbol || name == FieldName::Direction || name == FieldName::Feed) {
    value.kind = ValueKind::String;
    value.text = text;
    value.lone_surrogate = !is_utf8(text);
    return;
  }
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (end_of_number(begin, end) != end || text.empty()) {
    value.kind = ValueKind::Other;
    return;
  }
  value.kind = ValueKind::Number;
  value.number = parse_decimal(text);
}

}  // namespace tidemark
