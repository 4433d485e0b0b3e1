#include "run/roles/store_intent.h"

#include <charconv>
#include <tuple>

namespace tidemark {
namespace {

constexpr std::string_view title = "publishing", last_rows = "through";
constexpr std::string_view repeated_trends_are = "repeated trends", repeated_bars_are = "repeated bars";

// Takes `word` from the front of the text.
bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return true;
}

std::string offsets_text(std::string_view what, const std::vector<Position>& offsets) {
  if (offsets.empty()) return "";
  std::string text = '\n' + std::string(what);
  for (std::size_t i = 0; i < offsets.size();) {
    std::size_t last = i;
    while (last + 1 < offsets.size() && offsets[last + 1] == offsets[last] + 1) ++last;
    text += ' ' + std::to_string(offsets[i]);
    if (last > i) text += '-' + std::to_string(offsets[last]);
    i = last + 1;
  }
  return text;
}

// Offsets in [range.from, range.to), ascending.
bool take_offsets(std::string_view& text, const StoreIntent::Range& range, std::vector<Position>& offsets) {
  while (take_word(text, " ")) {
    Position first = 0;
    if (!take_number(text, first)) return false;
    Position last = first;
    if (take_word(text, "-") && !take_number(text, last)) return false;
    if (first < range.from || last >= range.to || last < first || (!offsets.empty() && first <= offsets.back()))
      return false;
    for (Position offset = first; offset <= last; ++offset) offsets.push_back(offset);
  }
  return true;
}

bool take_last_rows(std::string_view& text, std::optional<LastRows>& through) {
  LastRows rows;
  std::int64_t end = 0;
  std::size_t length = 0;
  if (!take_word(text, " ") || !take_number(text, end) || !take_word(text, " ") || !take_number(text, rows.bar) ||
      !take_word(text, " ") || !take_number(text, length) || !take_word(text, " ") || length > text.size())
    return false;
  rows.end = event_time_from_nanos(end);
  rows.symbol = text.substr(0, length);
  text.remove_prefix(length);
  through = std::move(rows);
  return true;
}

}  // namespace

bool LastRows::take(const Trend& trend) {
  if (std::tie(trend.window.end, trend.symbol) <= std::tie(end, symbol)) return false;
  end = trend.window.end;
  symbol = trend.symbol;
  return true;
}

bool LastRows::take(const JudgedBar& row) {
  if (row.position <= bar) return false;
  bar = row.position;
  return true;
}

std::string StoreIntent::text(const std::vector<std::string>& files) const {
  std::string text(title);
  for (const Position offset : {trends.from, trends.to, bars.from, bars.to}) text += ' ' + std::to_string(offset);
  if (through) {
    text += '\n' + std::string(last_rows);
    for (const std::int64_t number :
         {nanos_since_epoch(through->end), through->bar, static_cast<std::int64_t>(through->symbol.size())})
      text += ' ' + std::to_string(number);
    text += ' ' + through->symbol;
  }
  text += offsets_text(repeated_trends_are, repeated_trends) + offsets_text(repeated_bars_are, repeated_bars);
  for (const std::string& file : files) text += '\n' + file;
  return text;
}

std::optional<StoreIntent> StoreIntent::parse(std::string_view text) {
  StoreIntent intent;
  if (!take_word(text, title)) return std::nullopt;
  for (Position* const offset : {&intent.trends.from, &intent.trends.to, &intent.bars.from, &intent.bars.to})
    if (!take_word(text, " ") || !take_number(text, *offset) || *offset < 0) return std::nullopt;
  if (intent.trends.to < intent.trends.from || intent.bars.to < intent.bars.from) return std::nullopt;
  while (take_word(text, "\n")) {
    bool is_whole = true;
    if (take_word(text, last_rows))
      is_whole = take_last_rows(text, intent.through);
    else if (take_word(text, repeated_trends_are))
      is_whole = take_offsets(text, intent.trends, intent.repeated_trends);
    else if (take_word(text, repeated_bars_are))
      is_whole = take_offsets(text, intent.bars, intent.repeated_bars);
    else
      return intent;  // the files
    if (!is_whole) return std::nullopt;
  }
  return intent;
}

}  // namespace tidemark
