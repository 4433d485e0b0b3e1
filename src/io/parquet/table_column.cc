#include "io/parquet/table_column.h"

#include <fmt/format.h>
#include <parquet/column_reader.h>
#include <parquet/schema.h>
#include <parquet/types.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>

#include "core/time/timestamp.h"
#include "core/wire/encode.h"
#include "core/wire/json.h"
#include "io/parquet/interner.h"
#include "io/parquet/table_times.h"
#include "io/parquet/table_types.h"

namespace tidemark {
namespace {

constexpr int places = 9;
constexpr std::uint32_t widest_decimal = 64;  // bytes
constexpr std::int64_t nanos_of_day = 86'400'000'000'000;

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// A whole number of 10^-scale.
ParsedDecimal decimal_of(Int128 number, int scale) {
  const bool negative = number < 0;
  if (scale > places) {
    const Int128 power = power_of_ten(scale - places), rest = number % power;
    const Int128 rounds = (negative ? -rest : rest) >= power - power / 2 ? 1 : 0;
    return {number / power + (negative ? -rounds : rounds), false, negative};
  }
  const Int128 power = power_of_ten(places - scale), most = power_of_ten(38) / power;
  if (number > most || number < -most) return {0, true, negative};
  return {number * power, false, negative};
}

void set_number(const ParsedDecimal& number, FieldValue& value) {
  value.kind = ValueKind::Number;
  value.number = number;
}

// The shortest decimal that reads back as the same number, times a power of ten. With at most 15 digits it is unique.
template <typename Float>
void set_binary(Float number, int exponent, FieldValue& value) {
  if (!std::isfinite(number)) {
    value.kind = ValueKind::Other;
    value.text = std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    return;
  }
  if constexpr (sizeof(Float) == sizeof(double)) {
    if (const double scaled = number * 1e4; exponent == 0 && std::abs(scaled) < 1e15)
      if (const double whole = std::nearbyint(scaled); whole / 1e4 == number)
        return set_number({static_cast<Int128>(whole) * 100'000, false, whole < 0}, value);
  }
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific).ptr;
  const std::string_view shortest{text.data(), end};
  const std::size_t e = shortest.find('e');
  int said = 0;
  std::from_chars(text.data() + e + (shortest[e + 1] == '+' ? 2 : 1), end, said);
  set_number(parse_decimal(fmt::format("{}e{}", shortest.substr(0, e), said + exponent)), value);
}

Int128 big_endian(const std::uint8_t* bytes, std::size_t size) {
  UInt128 number = size > 0 && (bytes[0] & 0x80) != 0 ? ~UInt128{0} : UInt128{0};
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | bytes[i];
  return static_cast<Int128>(number);
}

// Calls the conversion with each value and the field to fill, and begin_batch() before each batch.
template <typename PhysicalType, typename Convert>
class Converted final : public TableColumnReader {
 public:
  using Value = typename PhysicalType::c_type;

  Converted(std::shared_ptr<parquet::ColumnReader> reader, Convert convert)
      : reader_(std::move(reader)), convert_(std::move(convert)) {}

  const std::vector<FieldValue>& read(std::size_t rows) override {
    auto& typed = static_cast<parquet::TypedColumnReader<PhysicalType>&>(*reader_);
    const std::int16_t there = typed.descr()->max_definition_level();
    convert_.begin_batch();
    values_.resize(rows);
    levels_.assign(rows, there);
    if (!raw_ || raw_size_ < rows) raw_ = std::make_unique<Value[]>(raw_size_ = rows);
    for (std::size_t row = 0; row < rows;) {
      std::int64_t count = 0;
      const auto got = static_cast<std::size_t>(
          typed.ReadBatch(static_cast<std::int64_t>(rows - row), levels_.data(), nullptr, raw_.get(), &count));
      if (got == 0) throw std::runtime_error("a column of it has fewer rows than it should");
      const Value* next = raw_.get();
      for (std::size_t i = 0; i < got; ++i, ++row) {
        if (there > 0 && levels_[i] < there)
          values_[row].kind = ValueKind::Null;
        else
          convert_(*next++, values_[row]);
      }
    }
    return values_;
  }

 private:
  std::shared_ptr<parquet::ColumnReader> reader_;
  Convert convert_;
  std::vector<FieldValue> values_;
  std::vector<std::int16_t> levels_;
  std::unique_ptr<Value[]> raw_;
  std::size_t raw_size_ = 0;
};

// A conversion that keeps nothing between values.
template <typename Function>
struct Simply : Function {
  explicit Simply(Function function) : Function(std::move(function)) {}
  void begin_batch() {}
};

template <typename PhysicalType, typename Convert>
std::unique_ptr<TableColumnReader> converted(std::shared_ptr<parquet::ColumnReader> reader, Convert convert) {
  if constexpr (requires { convert.begin_batch(); })
    return std::make_unique<Converted<PhysicalType, Convert>>(std::move(reader), std::move(convert));
  else
    return std::make_unique<Converted<PhysicalType, Simply<Convert>>>(std::move(reader), Simply(std::move(convert)));
}

constexpr std::size_t most_bytes_of_text = 4'096;  // a symbol has 32, a feed and a time fewer

// A cell may be as large as a page, and every row may refer to it. Its beginning is enough to judge it.
std::string_view beginning_of(const parquet::ByteArray& bytes) {
  const std::string_view text{reinterpret_cast<const char*>(bytes.ptr), bytes.len};
  if (text.size() <= most_bytes_of_text) return text;
  std::size_t end = most_bytes_of_text;
  while (end > most_bytes_of_text - 4 && (text[end] & 0xC0) == 0x80) --end;  // between two characters
  return text.substr(0, end);
}

// Texts stay valid for the batch.
class TextConversion {
 public:
  void begin_batch() {
    if (texts_.size() <= most_texts && bytes_ <= most_bytes) return;
    texts_.clear();
    bytes_ = 0;
  }
  void operator()(const parquet::ByteArray& bytes, FieldValue& value) {
    const std::string_view text = beginning_of(bytes);
    const std::size_t texts_before = texts_.size();
    value.kind = ValueKind::String;
    value.text = texts_[static_cast<std::size_t>(texts_.number(text))];
    value.lone_surrogate = !is_utf8(text);
    if (texts_.size() > texts_before) bytes_ += text.size();
  }

 private:
  static constexpr std::size_t most_texts = 100'000, most_bytes = 16'000'000;
  TextInterner texts_;
  std::size_t bytes_ = 0;
};

bool is_unsigned(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return logical && logical->is_int() && !static_cast<const parquet::IntLogicalType&>(*logical).is_signed();
}

std::unique_ptr<TableColumnReader> number_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                 const parquet::ColumnDescriptor& column, int exponent) {
  const bool is_decimal = column.logical_type() && column.logical_type()->is_decimal();
  const int scale = (is_decimal ? column.type_scale() : 0) - exponent;
  const bool no_sign = is_unsigned(column);
  switch (column.physical_type()) {
    case parquet::Type::INT32:
      return converted<parquet::Int32Type>(std::move(reader), [scale, no_sign](std::int32_t number, FieldValue& value) {
        set_number(decimal_of(no_sign ? Int128{static_cast<std::uint32_t>(number)} : Int128{number}, scale), value);
      });
    case parquet::Type::INT64:
      return converted<parquet::Int64Type>(std::move(reader), [scale, no_sign](std::int64_t number, FieldValue& value) {
        set_number(decimal_of(no_sign ? Int128{static_cast<std::uint64_t>(number)} : Int128{number}, scale), value);
      });
    case parquet::Type::FLOAT:
      return converted<parquet::FloatType>(
          std::move(reader), [exponent](float number, FieldValue& value) { set_binary(number, exponent, value); });
    case parquet::Type::DOUBLE:
      return converted<parquet::DoubleType>(
          std::move(reader), [exponent](double number, FieldValue& value) { set_binary(number, exponent, value); });
    case parquet::Type::BYTE_ARRAY:
      return converted<parquet::ByteArrayType>(
          std::move(reader), [scale](const parquet::ByteArray& bytes, FieldValue& value) {
            set_number(bytes.len > widest_decimal ? ParsedDecimal{0, true, false}
                                                  : decimal_of(big_endian(bytes.ptr, bytes.len), scale),
                       value);
          });
    default:
      return converted<parquet::FLBAType>(std::move(reader),
                                          [scale, size = static_cast<std::size_t>(column.type_length())](
                                              const parquet::FixedLenByteArray& bytes, FieldValue& value) {
                                            set_number(decimal_of(big_endian(bytes.ptr, size), scale), value);
                                          });
  }
}

// Unchanged text, for joining columns. It stays valid until the next batch.
class RawText {
 public:
  void begin_batch() { texts_.clear(); }
  void operator()(const parquet::ByteArray& bytes, FieldValue& value) {
    value.kind = ValueKind::String;
    value.text = *texts_.emplace_back(std::make_unique<std::string>(beginning_of(bytes)));
  }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
};

std::int64_t nanos_of(parquet::LogicalType::TimeUnit::unit unit) {
  switch (unit) {
    case parquet::LogicalType::TimeUnit::MILLIS:
      return 1'000'000;
    case parquet::LogicalType::TimeUnit::MICROS:
      return 1'000;
    default:
      return 1;
  }
}

// Reads times of day as times on 1970-01-01.
std::unique_ptr<TableColumnReader> make_time_of_day_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                           const parquet::ColumnDescriptor& column) {
  const auto& type = static_cast<const parquet::TimeLogicalType&>(*column.logical_type());
  const auto convert = [nanos = nanos_of(type.time_unit())](std::int64_t number, FieldValue& value) {
    if (number < 0 || number >= nanos_of_day / nanos) return set_time(std::nullopt, value);
    set_time(TableTime{event_time_from_nanos(number * nanos)}, value);
  };
  if (column.physical_type() == parquet::Type::INT32) return converted<parquet::Int32Type>(std::move(reader), convert);
  return converted<parquet::Int64Type>(std::move(reader), convert);
}

std::unique_ptr<TableColumnReader> make_time_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                    const parquet::ColumnDescriptor& column, const TimeForm& form) {
  const TimeZone& zone = form.zone;
  switch (column.physical_type()) {
    case parquet::Type::INT96:
      return converted<parquet::Int96Type>(std::move(reader), [zone](const parquet::Int96& number, FieldValue& value) {
        constexpr std::int64_t epoch = 2'440'588;  // Julian day of 1970-01-01
        std::int64_t nanos = 0;
        std::memcpy(&nanos, &number, sizeof nanos);  // then the day
        const std::int64_t days = static_cast<std::int64_t>(number.value[2]) - epoch;
        if (std::abs(days) > 100'000 || nanos < 0 || nanos >= nanos_of_day) return set_time(std::nullopt, value);
        set_time(table_time_from_local(event_time_from_nanos(days * nanos_of_day + nanos), zone), value);
      });
    case parquet::Type::BYTE_ARRAY:
      return converted<parquet::ByteArrayType>(std::move(reader),
                                               [form](const parquet::ByteArray& bytes, FieldValue& value) {
                                                 set_time(parse_table_time(beginning_of(bytes), form), value);
                                               });
    case parquet::Type::DOUBLE:
      return converted<parquet::DoubleType>(
          std::move(reader), [form](double number, FieldValue& value) { set_time_of_digits(number, form, value); });
    case parquet::Type::INT32:
      if (is_date_column(column))
        return converted<parquet::Int32Type>(std::move(reader), [zone](std::int32_t days, FieldValue& value) {
          set_local(scaled_time(days, nanos_of_day), zone, value);
        });
      return converted<parquet::Int32Type>(std::move(reader), [form](std::int32_t number, FieldValue& value) {
        set_time_of_digits(std::int64_t{number}, form, value);
      });
    default:
      break;
  }
  if (column.logical_type() && column.logical_type()->is_timestamp()) {
    const auto& type = static_cast<const parquet::TimestampLogicalType&>(*column.logical_type());
    const std::int64_t nanos = nanos_of(type.time_unit());
    if (type.is_adjusted_to_utc())
      return converted<parquet::Int64Type>(std::move(reader), [nanos](std::int64_t number, FieldValue& value) {
        set_instant(scaled_time(number, nanos), value);
      });
    return converted<parquet::Int64Type>(std::move(reader), [zone, nanos](std::int64_t number, FieldValue& value) {
      set_local(scaled_time(number, nanos), zone, value);
    });
  }
  return converted<parquet::Int64Type>(
      std::move(reader), [form, unit = unit_by_name(column.name())](std::int64_t number, FieldValue& value) {
        if (unit) return set_instant(scaled_time(number, *unit), value);
        set_time_of_digits(number, form, value);
      });
}

}  // namespace

std::unique_ptr<TableColumnReader> make_table_column_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                            const parquet::ColumnDescriptor& column, FieldName field,
                                                            const TimeForm& time, const NumberForm& numbers) {
  if (is_text_field(field)) return converted<parquet::ByteArrayType>(std::move(reader), TextConversion());
  if (field == FieldName::Timestamp) return make_time_reader(std::move(reader), column, time);
  return number_reader(std::move(reader), column, numbers.exponent_of(field));
}

std::unique_ptr<TableColumnReader> make_joined_time_reader(std::shared_ptr<parquet::ColumnReader> date,
                                                           const parquet::ColumnDescriptor& date_column,
                                                           std::shared_ptr<parquet::ColumnReader> time_of_day,
                                                           const parquet::ColumnDescriptor& time_column,
                                                           const TimeForm& form) {
  TimeForm local = form;
  local.zone = {};
  auto dates = is_text_column(date_column) ? converted<parquet::ByteArrayType>(std::move(date), RawText())
                                           : make_time_reader(std::move(date), date_column, local);
  auto times = is_text_column(time_column) ? converted<parquet::ByteArrayType>(std::move(time_of_day), RawText())
                                           : make_time_of_day_reader(std::move(time_of_day), time_column);
  return join_times(std::move(dates), std::move(times), form);
}

std::vector<std::string> sample_of(std::shared_ptr<parquet::ColumnReader> reader,
                                   const parquet::ColumnDescriptor& column, std::size_t rows) {
  const auto& logical = column.logical_type();
  const bool is_plain = !logical || logical->is_none() || logical->is_int() || logical->is_string();
  const bool is_text = is_text_column(column);
  std::unique_ptr<TableColumnReader> values;
  if (column.max_repetition_level() > 0)
    return {};
  else if (has_time_type(column))
    values = make_time_reader(std::move(reader), column, {});
  else if (is_plain && is_text)
    values = converted<parquet::ByteArrayType>(std::move(reader), TextConversion());
  else if (is_plain && check_table_column(column, FieldName::Volume))
    values = number_reader(std::move(reader), column, 0);
  else
    return {};
  std::vector<std::string> texts;
  for (const FieldValue& value : values->read(rows)) {
    if (value.kind == ValueKind::String && !value.text.empty()) texts.emplace_back(value.text);
    if (value.kind == ValueKind::Time) texts.push_back(format_timestamp(value.time));
    if (value.kind == ValueKind::Number && !value.number.out_of_range)
      append_decimal(value.number.nanos, texts.emplace_back());
  }
  return texts;
}

}  // namespace tidemark
