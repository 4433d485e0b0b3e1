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

#include "core/time/table_time.h"
#include "core/wire/json.h"
#include "io/parquet/interner.h"

namespace tidemark {
namespace {

constexpr int places = 9;

bool is_text(FieldName field) {
  return field == FieldName::Symbol || field == FieldName::Direction || field == FieldName::Feed;
}

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

// The shortest decimal that reads back as it. Of at most 15 digits there is only one that does.
template <typename Float>
void set_binary(Float number, FieldValue& value) {
  if (!std::isfinite(number)) {
    value.kind = ValueKind::Other;
    value.text = std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    return;
  }
  if constexpr (sizeof(Float) == sizeof(double)) {
    if (const double scaled = number * 1e4; std::abs(scaled) < 1e15)
      if (const double whole = std::nearbyint(scaled); whole / 1e4 == number)
        return set_number({static_cast<Int128>(whole) * 100'000, false, whole < 0}, value);
  }
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  set_number(parse_decimal({text.data(), end}), value);
}

Int128 big_endian(const std::uint8_t* bytes, std::size_t size) {
  UInt128 number = size > 0 && (bytes[0] & 0x80) != 0 ? ~UInt128{0} : UInt128{0};
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | bytes[i];
  return static_cast<Int128>(number);
}

void set_time(std::optional<EventTime> time, FieldValue& value) {
  value.kind = time ? ValueKind::Time : ValueKind::String;
  value.time = time.value_or(EventTime{});
  value.text = {};  // of a string: no time
}

// So many nanoseconds times the number, since 1970 in the zone.
void set_scaled_time(std::int64_t number, std::int64_t nanos, const std::optional<TimeZone>& zone, FieldValue& value) {
  if (number > INT64_MAX / nanos || number < INT64_MIN / nanos) return set_time(std::nullopt, value);
  const EventTime time = event_time_from_nanos(number * nanos);
  set_time(zone ? zone->instant(time) : time, value);
}

// A column whose values are converted one by one.
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

// Text is kept for the batch.
class TextConversion {
 public:
  TextConversion(FieldName field, TimeZone zone) : field_(field), zone_(zone) {}
  void begin_batch() {
    if (texts_.size() > most_texts) texts_.clear();
  }
  void operator()(const parquet::ByteArray& bytes, FieldValue& value) {
    const std::string_view text{reinterpret_cast<const char*>(bytes.ptr), bytes.len};
    if (field_ == FieldName::Timestamp) return set_time(parse_table_time(text, zone_), value);
    value.kind = ValueKind::String;
    value.text = texts_[static_cast<std::size_t>(texts_.number(text))];
    value.lone_surrogate = !is_utf8(text);
  }

 private:
  static constexpr std::size_t most_texts = 100'000;
  FieldName field_;
  TimeZone zone_;
  TextInterner texts_;
};

template <typename PhysicalType, typename Convert>
std::unique_ptr<TableColumnReader> converted(std::shared_ptr<parquet::ColumnReader> reader, Convert convert) {
  if constexpr (requires { convert.begin_batch(); })
    return std::make_unique<Converted<PhysicalType, Convert>>(std::move(reader), std::move(convert));
  else
    return std::make_unique<Converted<PhysicalType, Simply<Convert>>>(std::move(reader), Simply(std::move(convert)));
}

// Nanoseconds that a whole number of a column is worth; none: its size says.
std::optional<std::int64_t> unit_by_name(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> units{
      {{"_ns", 1}, {"_us", 1'000}, {"_ms", 1'000'000}}};
  for (const auto& [suffix, nanos] : units)
    if (name.ends_with(suffix)) return nanos;
  return std::nullopt;
}

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

std::unique_ptr<TableColumnReader> time_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                               const parquet::ColumnDescriptor& column, const TimeZone& zone) {
  constexpr std::int64_t day = 86'400'000'000'000;
  const auto& logical = column.logical_type();
  if (column.physical_type() == parquet::Type::INT96)
    return converted<parquet::Int96Type>(std::move(reader), [zone](const parquet::Int96& number, FieldValue& value) {
      constexpr std::int64_t epoch = 2'440'588;  // Julian day of 1970-01-01
      std::int64_t nanos = 0;
      std::memcpy(&nanos, &number, sizeof nanos);  // then the day
      const std::int64_t days = static_cast<std::int64_t>(number.value[2]) - epoch;
      if (std::abs(days) > 100'000 || nanos < 0 || nanos >= day) return set_time(std::nullopt, value);
      set_time(zone.instant(event_time_from_nanos(days * day + nanos)), value);
    });
  if (column.physical_type() == parquet::Type::INT32)
    return converted<parquet::Int32Type>(
        std::move(reader), [zone](std::int32_t days, FieldValue& value) { set_scaled_time(days, day, zone, value); });
  if (logical && logical->is_timestamp()) {
    const auto& type = static_cast<const parquet::TimestampLogicalType&>(*logical);
    const std::optional<TimeZone> local = type.is_adjusted_to_utc() ? std::nullopt : std::optional(zone);
    return converted<parquet::Int64Type>(
        std::move(reader), [local, nanos = nanos_of(type.time_unit())](std::int64_t number, FieldValue& value) {
          set_scaled_time(number, nanos, local, value);
        });
  }
  return converted<parquet::Int64Type>(std::move(reader),
                                       [unit = unit_by_name(column.name())](std::int64_t number, FieldValue& value) {
                                         if (unit) return set_scaled_time(number, *unit, std::nullopt, value);
                                         set_time(table_time_from_number(number), value);
                                       });
}

bool is_unsigned(const parquet::ColumnDescriptor& column) {
  const auto& logical = column.logical_type();
  return logical && logical->is_int() && !static_cast<const parquet::IntLogicalType&>(*logical).is_signed();
}

std::unique_ptr<TableColumnReader> number_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                 const parquet::ColumnDescriptor& column) {
  const bool is_decimal = column.logical_type() && column.logical_type()->is_decimal();
  const int scale = is_decimal ? column.type_scale() : 0;
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
      return converted<parquet::FloatType>(std::move(reader),
                                           [](float number, FieldValue& value) { set_binary(number, value); });
    case parquet::Type::DOUBLE:
      return converted<parquet::DoubleType>(std::move(reader),
                                            [](double number, FieldValue& value) { set_binary(number, value); });
    case parquet::Type::BYTE_ARRAY:
      return converted<parquet::ByteArrayType>(std::move(reader),
                                               [scale](const parquet::ByteArray& bytes, FieldValue& value) {
                                                 set_number(decimal_of(big_endian(bytes.ptr, bytes.len), scale), value);
                                               });
    default:
      return converted<parquet::FLBAType>(std::move(reader),
                                          [scale, size = static_cast<std::size_t>(column.type_length())](
                                              const parquet::FixedLenByteArray& bytes, FieldValue& value) {
                                            set_number(decimal_of(big_endian(bytes.ptr, size), scale), value);
                                          });
  }
}

}  // namespace

Result<void> check_table_column(const parquet::ColumnDescriptor& column, FieldName field) {
  using parquet::Type;
  const auto type = column.physical_type();
  const auto& logical = column.logical_type();
  const bool is_decimal = logical && logical->is_decimal();
  bool fits = column.max_repetition_level() == 0;
  if (field == FieldName::Timestamp)
    fits = fits && (type == Type::INT96 || (type == Type::INT32 && logical && logical->is_date()) ||
                    (type == Type::INT64 && !is_decimal) || (type == Type::BYTE_ARRAY && !is_decimal));
  else if (is_text(field))
    fits = fits && type == Type::BYTE_ARRAY && !is_decimal;
  else if (is_decimal)
    fits = fits && column.type_precision() <= 38;
  else
    fits = fits && (type == Type::INT32 || type == Type::INT64 || type == Type::FLOAT || type == Type::DOUBLE) &&
           !(logical && (logical->is_date() || logical->is_time() || logical->is_timestamp()));
  if (fits) return {};
  return std::unexpected(Error::setup(
      fmt::format("its column {} ({}{}) cannot be {}; say another one with --columns {}=COLUMN", column.name(),
                  parquet::TypeToString(type), logical && !logical->is_none() ? ", " + logical->ToString() : "",
                  to_string(field), to_string(field))));
}

std::unique_ptr<TableColumnReader> make_table_column_reader(std::shared_ptr<parquet::ColumnReader> reader,
                                                            const parquet::ColumnDescriptor& column, FieldName field,
                                                            const TimeZone& zone) {
  if (is_text(field) || (field == FieldName::Timestamp && column.physical_type() == parquet::Type::BYTE_ARRAY))
    return converted<parquet::ByteArrayType>(std::move(reader), TextConversion(field, zone));
  if (field == FieldName::Timestamp) return time_reader(std::move(reader), column, zone);
  return number_reader(std::move(reader), column);
}

}  // namespace tidemark
