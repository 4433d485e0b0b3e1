#include "core/wire/csv_head.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

namespace tidemark {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t lines_before_header = 20;  // at most, if the option is not set
constexpr std::size_t rows_for_separator = 20;
constexpr std::size_t rows_for_names = 200;  // whose values resolve ambiguous names
constexpr std::size_t rows_for_numbers = 2'000;

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

std::size_t count_outside_quotes(std::string_view line, char wanted) {
  std::size_t count = 0;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    count += !quoted && c == wanted;
  }
  return count;
}

// The separator that every line has most often. The comma comes last, because it may be a decimal comma.
char find_separator(std::span<const std::string_view> lines) {
  char best = ',';
  std::size_t most = 0;
  for (const char separator : {'\t', ';', '|', ','}) {
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (const std::string_view line : lines)
      if (!is_blank(line)) least = std::min(least, count_outside_quotes(line, separator));
    if (least == std::numeric_limits<std::size_t>::max() || least <= most) continue;
    most = least;
    best = separator;
  }
  return best;
}

// sep=; is Excel's first line.
std::optional<char> stated_separator(std::string_view line) {
  if (line.size() == 7 && line.starts_with('"') && line.ends_with('"')) line = line.substr(1, 5);
  if (line.size() != 5 || !std::ranges::equal(line.substr(0, 4), std::string_view("sep="), {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      }))
    return std::nullopt;
  return line.back();
}

std::optional<std::vector<std::string>> cells_of(std::string_view line, char separator) {
  CsvSplitter splitter;
  if (!splitter.split(line, separator)) return std::nullopt;
  return std::vector<std::string>(splitter.cells().begin(), splitter.cells().end());
}

// The part of a line that an error quotes.
std::string excerpt(std::string_view line) {
  constexpr std::size_t most = 80;
  if (line.size() <= most) return fmt::format("\"{}\"", line);
  std::size_t end = most;
  while (end > 0 && (line[end] & 0xC0) == 0x80) --end;  // cuts no character in half
  return fmt::format("\"{} …\"", line.substr(0, end));
}

class HeadReader {
 public:
  HeadReader(std::string_view text, const CsvOptions& options) : options_(options), lines_(lines_of(text)) {
    head_.table.time = options.time;
    symbol_ = options.symbol;
  }

  Result<CsvHead> read() {
    next_ = std::min(options_.skip_lines, lines_.size());
    skip_blanks();
    if (next_ < lines_.size())
      if (const auto separator = stated_separator(lines_[next_])) {
        separator_ = separator;
        ++next_;
        skip_blanks();
      }
    if (next_ == lines_.size())
      return fault(options_.skip_lines > 0 ? "nothing follows the lines that --skip-lines skips"
                                           : "nothing follows its first line");
    if (auto named = options_.has_header ? read_names() : number_columns(); !named)
      return std::unexpected(named.error());
    head_.lines = next_;
    head_.table.width = names_.size();
    auto columns =
        find_columns(names_, options_.choices, symbol_, [this](std::size_t column) { return sample(column); });
    if (!columns) return fault(columns.error().message() + on_the_header());
    head_.table.columns = std::move(*columns);
    if (auto learned = learn_times(); !learned) return std::unexpected(learned.error());
    if (auto learned = learn_numbers(); !learned) return std::unexpected(learned.error());
    return std::move(head_);
  }

 private:
  static std::unexpected<Error> fault(std::string message) { return std::unexpected(Error::setup(std::move(message))); }

  void skip_blanks() {
    while (next_ < lines_.size() && is_blank(lines_[next_])) ++next_;
  }
  char separator_of(std::size_t line) const {
    return separator_.value_or(find_separator(std::span(lines_).subspan(line, 1)));
  }

  Result<void> number_columns() {
    const auto rows = std::span(lines_).subspan(next_);
    head_.table.separator = separator_.value_or(find_separator(rows.first(std::min(rows.size(), rows_for_separator))));
    const auto cells = cells_of(lines_[next_], head_.table.separator);
    if (!cells) return fault("its first line is not valid CSV: quotes do not match");
    for (std::size_t i = 0; i < cells->size(); ++i) names_.push_back(fmt::to_string(i + 1));
    return {};
  }

  Result<void> read_names() {
    if (auto three = read_three_lines(); !three || *three)
      return three ? Result<void>{} : std::unexpected(three.error());
    header_ = next_;
    for (std::size_t line = next_; line < std::min(lines_.size(), next_ + lines_before_header); ++line) {
      const auto names = cells_of(lines_[line], separator_of(line));
      if (!names || price_columns_among(*names, options_.choices) < 4) continue;
      header_ = line;
      break;
    }
    const auto names = cells_of(lines_[header_], separator_of(header_));
    if (!names)
      return fault(fmt::format("its first line {} is not valid CSV: quotes do not match; --skip-lines N skips lines",
                               excerpt(lines_[header_])));
    names_ = *names;
    head_.table.separator = separator_of(header_);
    if (header_ > next_) head_.header_found_late = header_ + 1;
    next_ = header_ + 1;
    return {};
  }

  // Price,Close,…  Ticker,MSFT,…  Date,,…: a yfinance frame as pandas writes it. True if it was one.
  Result<bool> read_three_lines() {
    if (next_ + 3 > lines_.size()) return false;
    const char separator = separator_of(next_);
    const auto first = cells_of(lines_[next_], separator), second = cells_of(lines_[next_ + 1], separator),
               third = cells_of(lines_[next_ + 2], separator);
    if (!first || !second || !third || first->size() != second->size()) return false;
    const bool prices_first = first->front() == "Price" && second->front() == "Ticker";
    if (!prices_first && !(first->front() == "Ticker" && second->front() == "Price")) return false;
    if (third->front() != "Date" && third->front() != "Datetime") return false;
    if (std::any_of(third->begin() + 1, third->end(), [](const std::string& cell) { return !cell.empty(); }))
      return false;
    const auto& tickers = prices_first ? *second : *first;
    const std::set<std::string> symbols(tickers.begin() + 1, tickers.end());
    if (symbols.size() > 1)
      return fault(
          fmt::format("it has several symbols side by side, {}: each row must be one bar; in pandas "
                      "df.stack(level=\"Ticker\").reset_index() makes them rows",
                      fmt::join(symbols, ", ")));
    if (!symbol_ && !symbols.empty() && !chooses_symbol()) symbol_ = *symbols.begin();
    names_ = prices_first ? *first : *second;
    names_.front() = third->front();
    head_.table.separator = separator;
    header_ = next_;
    next_ += 3;
    return true;
  }
  bool chooses_symbol() const {
    return std::ranges::find(options_.choices, FieldName::Symbol, &ColumnChoice::field) != options_.choices.end();
  }

  // A suffix for errors about columns: the line taken for the header, if it hardly looks like one.
  std::string on_the_header() const {
    if (!options_.has_header || price_columns_among(names_, options_.choices) >= 2) return {};
    return fmt::format(
        "; the header is taken to be {}: --skip-lines N skips lines before it, --no-header says "
        "that there is none",
        excerpt(lines_[header_]));
  }

  // Calls `take` with the cells of the first rows.
  template <typename Take>
  void for_rows(std::size_t most, Take take) const {
    CsvSplitter splitter;
    for (std::size_t line = next_; line < lines_.size() && most > 0; ++line) {
      if (is_blank(lines_[line]) || !splitter.split(lines_[line], head_.table.separator)) continue;
      --most;
      take(splitter.cells());
    }
  }

  std::vector<std::string> sample(std::size_t column) const {
    std::vector<std::string> values;
    for_rows(rows_for_names, [&](const std::vector<std::string_view>& cells) {
      if (column < cells.size() && !cells[column].empty()) values.emplace_back(cells[column]);
    });
    return values;
  }

  Result<void> learn_times() {
    const auto& columns = head_.table.columns;
    const auto time = std::ranges::find(columns, FieldName::Timestamp, &TableColumn::field);
    if (time == columns.end() || !time->column) return {};
    std::vector<std::string> times;
    for_rows(lines_.size(), [&](const std::vector<std::string_view>& cells) {
      if (*time->column >= cells.size() || (time->second && *time->second >= cells.size())) return;
      if (cells[*time->column].empty()) return;
      times.emplace_back(cells[*time->column]);
      if (time->second) times.back().append(1, ' ').append(cells[*time->second]);
    });
    return learn_time_form(times, head_.table.time);
  }

  Result<void> learn_numbers() {
    NumberForm& form = head_.table.numbers;
    if (options_.numbers) form = *options_.numbers;
    form.price_exponent = options_.price_exponent;
    if (options_.numbers) return {};
    std::vector<std::string> numbers;
    for_rows(rows_for_numbers, [&](const std::vector<std::string_view>& cells) {
      for (const TableColumn& column : head_.table.columns)
        if (column.column && *column.column < cells.size() && column.field >= FieldName::Open &&
            column.field <= FieldName::Vwap)
          numbers.emplace_back(cells[*column.column]);
    });
    return learn_number_form(numbers, form);
  }

  const CsvOptions& options_;
  Lines lines_;
  std::size_t next_ = 0, header_ = 0;
  std::optional<char> separator_;
  std::optional<std::string> symbol_;
  std::vector<std::string> names_;
  CsvHead head_;
};

}  // namespace

Result<CsvHead> read_csv_head(std::string_view lines, const CsvOptions& options) {
  return HeadReader(lines, options).read();
}

}  // namespace tidemark
