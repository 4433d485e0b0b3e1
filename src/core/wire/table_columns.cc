#include "core/wire/table_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "core/time/table_time.h"
#include "core/wire/column_names.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr std::size_t bar_fields = static_cast<std::size_t>(FieldName::Feed) + 1;

// The fields that a bar must have.
constexpr bool is_required(FieldName field) { return field <= FieldName::Volume; }
constexpr bool is_text(FieldName field) {
  return field == FieldName::Symbol || field == FieldName::Direction || field == FieldName::Feed;
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

bool is_time(const std::string& text) {
  return std::ranges::any_of(std::array{DateOrder::MonthFirst, DateOrder::DayFirst}, [&](DateOrder order) {
    return parse_table_time(text, {.zone = {}, .format = {}, .order = order}).has_value();
  });
}

// Whether a value may belong to the field, for columns whose name is ambiguous.
bool may_be(FieldName field, const std::string& text) {
  switch (field) {
    case FieldName::Symbol:  // Finnhub's s is the status of its answer
      return text != "ok" && text != "no_data" && text != "error";
    case FieldName::Timestamp:  // in whatever form
      return std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) >= 5;
    default:
      return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
             text.find_first_not_of("0123456789+-.,eEkKmMbB' ") == text.npos;
  }
}

class Header {
 public:
  using Columns = std::vector<std::size_t>;

  Header(std::span<const std::string> names, const ColumnSample& sample) : names_(names), sample_(sample) {
    for (const std::string& name : names) bare_.push_back(bare_name(name));
  }

  Columns called(std::span<const std::string_view> words) const {
    return where([&](std::size_t i) { return !bare_[i].empty() && std::ranges::find(words, bare_[i]) != words.end(); });
  }
  Columns called(std::string_view word) const { return called(std::span(&word, 1)); }

  // By a letter: in its own case, or else in the other one; for the symbol in any case. The values decide.
  Columns lettered(const UsualNames& usual) const {
    if (usual.letter.empty()) return {};
    const Columns any_case = called(usual.letter);
    const Columns own = where([&](std::size_t i) { return letters_and_digits(names_[i]) == usual.letter; });
    Columns columns = own.empty() || usual.field == FieldName::Symbol ? any_case : own;
    std::erase_if(columns, [&](std::size_t column) { return !fits(usual.field, column); });
    return columns;
  }

  // The index of a pandas frame, whose name is empty, if every value is a time.
  Columns nameless_times() const {
    return where([&](std::size_t i) {
      const std::string_view name = bare_[i];
      const bool has_no_name =
          name.empty() || name.starts_with("unnamed") || name.starts_with("indexlevel") || name == "index";
      if (!has_no_name) return false;
      const auto values = said_in(i);
      return !values.empty() && std::ranges::all_of(values, is_time);
    });
  }

  // By the stated name: exactly, or else normalized, or else by its number.
  Result<std::size_t> said(std::string_view name) const {
    Columns found = where([&](std::size_t i) { return names_[i] == name; });
    if (const std::string bare = bare_name(name); found.empty() && !bare.empty()) found = called(bare);
    if (found.size() > 1)
      return wrong(fmt::format("{} columns are called {}: give one by its number, such as {}", found.size(), name,
                               found.front() + 1));
    if (!found.empty()) return found.front();
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc{} && end == name.data() + name.size() && number >= 1 && number <= names_.size())
      return number - 1;
    return wrong(fmt::format("there is no column {}; there are {}", name, list()));
  }

  // A column whose name is the field's letter, but whose values do not fit.
  std::optional<std::string> unfit(const UsualNames& usual) const {
    if (usual.letter.empty()) return std::nullopt;
    for (const std::size_t column : called(usual.letter))
      if (!fits(usual.field, column)) return fmt::format("; its column {} says {}", names_[column], said_in(column)[0]);
    return std::nullopt;
  }

  std::string list() const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < names_.size(); ++i) texts.push_back(display(i));
    return fmt::format("{}", fmt::join(texts, ", "));
  }
  std::string display(std::size_t i) const {
    return names_[i].empty() ? fmt::format("({}, without a name)", i + 1) : names_[i];
  }
  bool has_nameless() const { return std::ranges::find(names_, "") != names_.end(); }

  std::unexpected<Error> doubtful(FieldName field, const Columns& columns) const {
    const auto [first, second] = std::pair(columns[0], columns[1]);
    const bool same = names_[first] == names_[second] || names_[first].empty();
    return wrong(fmt::format("its columns {} and {} may both be {}: choose one, for example --columns {}={}",
                             display(first), display(second), to_string(field), to_string(field),
                             same ? fmt::to_string(first + 1) : names_[first]));
  }

 private:
  template <typename Predicate>
  Columns where(Predicate holds) const {
    Columns columns;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (holds(i)) columns.push_back(i);
    return columns;
  }

  std::vector<std::string> said_in(std::size_t column) const {
    return sample_ ? sample_(column) : std::vector<std::string>{};
  }
  bool fits(FieldName field, std::size_t column) const {
    return std::ranges::all_of(said_in(column), [&](const std::string& text) { return may_be(field, text); });
  }

  std::span<const std::string> names_;
  const ColumnSample& sample_;
  std::vector<std::string> bare_;
};

using Found = Result<std::optional<TableColumn>>;

Found only(FieldName field, const Header& header, const Header::Columns& columns) {
  if (columns.empty()) return std::nullopt;
  if (columns.size() > 1) return header.doubtful(field, columns);
  return TableColumn{field, columns.front(), std::nullopt, {}};
}

Found find_time(const Header& header) {
  constexpr auto field = FieldName::Timestamp;
  if (const auto exact = header.called(exact_time_name); !exact.empty()) return only(field, header, exact);
  auto whole = header.called(time_names);
  const auto dates = header.called(date_name), times = header.called(time_of_day_names);
  if (whole.empty() && dates.size() == 1 && times.size() == 1)
    return TableColumn{field, dates.front(), times.front(), {}};
  std::ranges::copy(dates, std::back_inserter(whole));
  if (!dates.empty() && times.size() > 1) return header.doubtful(field, times);
  if (dates.empty()) std::ranges::copy(header.called("time"), std::back_inserter(whole));
  return only(field, header, whole);
}

Found find_usual(const Header& header, const UsualNames& usual) {
  Found found =
      usual.field == FieldName::Timestamp ? find_time(header) : only(usual.field, header, header.called(usual.words));
  if (!found || *found) return found;
  if (found = only(usual.field, header, header.lettered(usual)); !found || *found) return found;
  if (usual.field == FieldName::Timestamp) return only(usual.field, header, header.nameless_times());
  return found;
}

std::string_view further_cure(FieldName field) {
  switch (field) {
    case FieldName::Symbol:
      return ", symbol=@AAPL, or --symbol-from-name";
    case FieldName::Volume:
      return ", or volume=@0 where nothing says it";
    default:
      return "";
  }
}

std::unexpected<Error> missing(const Header& header, const UsualNames& usual) {
  const std::string_view name = to_string(usual.field);
  return wrong(fmt::format("no column is recognized as {}; there are {}{}: use --columns {}=COLUMN{}{}", name,
                           header.list(), header.unfit(usual).value_or(""), name, further_cure(usual.field),
                           header.has_nameless() ? "; give a column without a name by its number" : ""));
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
      return wrong(fmt::format("{} is given twice", to_string(*field)));
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
                                              const std::optional<std::string>& symbol, const ColumnSample& sample) {
  const Header header(names, sample);
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
      continue;
    }
    if (usual.field == FieldName::Symbol && symbol) {
      columns.push_back({usual.field, std::nullopt, std::nullopt, *symbol});
      continue;
    }
    auto found = find_usual(header, usual);
    if (!found) return std::unexpected(found.error());
    if (*found)
      columns.push_back(std::move(**found));
    else if (is_required(usual.field))
      return missing(header, usual);
  }
  return columns;
}

std::size_t price_columns_among(std::span<const std::string> names, std::span<const ColumnChoice> choices) {
  const ColumnSample none;
  const Header header(names, none);
  std::size_t count = 0;
  for (const UsualNames& usual : usual_names) {
    if (usual.field < FieldName::Open || usual.field > FieldName::Close) continue;
    const auto choice = std::ranges::find(choices, usual.field, &ColumnChoice::field);
    if (choice != choices.end())
      count += !choice->columns.empty() && header.said(choice->columns.front()).has_value();
    else
      count += !header.called(usual.words).empty() || !header.called(usual.letter).empty();
  }
  return count;
}

void set_text_field(FieldName name, std::string_view text, const NumberForm& form, FieldValue& value) {
  if (is_text(name)) {
    value.kind = ValueKind::String;
    value.text = text;
    value.lone_surrogate = !is_utf8(text);
    return;
  }
  const auto number = parse_table_number(text, name, form);
  value.kind = number ? ValueKind::Number : ValueKind::Other;
  if (number) value.number = *number;
}

}  // namespace tidemark
