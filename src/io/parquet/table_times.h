// Values of a Parquet file's columns as times: numbers of some unit since 1970, digits, a date beside its time of day.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/time/table_time.h"
#include "core/wire/fields.h"
#include "io/parquet/table_column.h"

namespace tidemark {

// So many nanoseconds times the number; none where 64 bits do not hold it.
std::optional<EventTime> scaled_time(std::int64_t number, std::int64_t nanos);
// Nanoseconds that a whole number of a column with this name is worth; none: its size says.
std::optional<std::int64_t> unit_by_name(const std::string& name);

// None: a value that is no time. An instant is of UTC, a local time of the zone.
void set_time(const std::optional<TableTime>& time, FieldValue& value);
void set_instant(std::optional<EventTime> time, FieldValue& value);
void set_local(std::optional<EventTime> time, const TimeZone& zone, FieldValue& value);
// A number that means what its digits mean as text: 20260105, 202601051430, 1767623400.0.
void set_time_of_digits(std::int64_t number, const TimeForm& form, FieldValue& value);
void set_time_of_digits(double number, const TimeForm& form, FieldValue& value);

// Dates, as text or local midnights, joined with times of day, as text or times of 1970-01-01.
std::unique_ptr<TableColumnReader> join_times(std::unique_ptr<TableColumnReader> dates,
                                              std::unique_ptr<TableColumnReader> times_of_day, const TimeForm& form);

}  // namespace tidemark
