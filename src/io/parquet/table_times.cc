#include "io/parquet/table_times.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace tidemark {
namespace {

template <typename Number>
void set_digits(Number number, const TimeForm& form, FieldValue& value) {
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  set_time(parse_table_time({text.data(), end}, form), value);
}

class JoinedTimes final : public TableColumnReader {
 public:
  JoinedTimes(std::unique_ptr<TableColumnReader> date, std::unique_ptr<TableColumnReader> time_of_day, TimeForm form)
      : date_(std::move(date)), time_of_day_(std::move(time_of_day)), form_(std::move(form)), local_form_(form_) {
    local_form_.zone = {};
  }

  const std::vector<FieldValue>& read(std::size_t rows) override {
    const auto& dates = date_->read(rows);
    const auto& times = time_of_day_->read(rows);
    values_.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) join(dates[row], times[row], values_[row]);
    return values_;
  }

 private:
  void join(const FieldValue& date, const FieldValue& time, FieldValue& value) {
    if (date.kind == ValueKind::Null || time.kind == ValueKind::Null) {
      value.kind = ValueKind::Null;
      return;
    }
    const bool is_date_text = date.kind == ValueKind::String, is_time_text = time.kind == ValueKind::String;
    if (is_date_text && is_time_text) {
      text_.assign(date.text).append(1, ' ').append(time.text);
      return set_time(parse_table_time(text_, form_), value);
    }
    std::optional<EventTime> midnight = date.time;
    if (is_date_text) {
      const auto parsed = parse_table_time(date.text, local_form_);
      midnight = parsed && parsed->is_naive ? std::optional(parsed->time) : std::nullopt;
    }
    std::optional<Duration> since = time.time.time_since_epoch();
    if (is_time_text) since = parse_time_of_day(time.text, form_);
    if (!midnight || !since || midnight->time_since_epoch() % std::chrono::days(1) != Duration::zero())
      return set_time(std::nullopt, value);
    set_time(table_time_from_local(*midnight + *since, form_.zone), value);
  }

  std::unique_ptr<TableColumnReader> date_, time_of_day_;
  TimeForm form_, local_form_;
  std::string text_;
  std::vector<FieldValue> values_;
};

}  // namespace

std::optional<EventTime> scaled_time(std::int64_t number, std::int64_t nanos) {
  if (number > INT64_MAX / nanos || number < INT64_MIN / nanos) return std::nullopt;
  return event_time_from_nanos(number * nanos);
}

void set_instant(std::optional<EventTime> time, FieldValue& value) {
  set_time(time ? std::optional(TableTime{*time}) : std::nullopt, value);
}
void set_local(std::optional<EventTime> time, const TimeZone& zone, FieldValue& value) {
  set_time(time ? table_time_from_local(*time, zone) : std::nullopt, value);
}

std::optional<std::int64_t> unit_by_name(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> units{
      {{"_ns", 1}, {"_us", 1'000}, {"_ms", 1'000'000}}};
  for (const auto& [suffix, nanos] : units)
    if (name.ends_with(suffix)) return nanos;
  return std::nullopt;
}

void set_time(const std::optional<TableTime>& time, FieldValue& value) {
  const TableTime found = time.value_or(TableTime{});
  value.kind = time ? ValueKind::Time : ValueKind::String;
  value.text = {};  // for a string: no time
  value.time = found.time;
  value.again = found.again;
  value.is_naive = found.is_naive;
}

void set_time_of_digits(std::int64_t number, const TimeForm& form, FieldValue& value) {
  set_digits(number, form, value);
}
void set_time_of_digits(double number, const TimeForm& form, FieldValue& value) { set_digits(number, form, value); }

std::unique_ptr<TableColumnReader> join_times(std::unique_ptr<TableColumnReader> dates,
                                              std::unique_ptr<TableColumnReader> times_of_day, const TimeForm& form) {
  return std::make_unique<JoinedTimes>(std::move(dates), std::move(times_of_day), form);
}

}  // namespace tidemark
