// Converts values of Parquet columns to times: numbers of some unit since 1970, digits, or a date and its time of day.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/time/table_time.h"
#include "core/wire/fields.h"
#include "io/parquet/table_column.h"

namespace tidemark {

// number · nanos nanoseconds since 1970; none on overflow.
std::optional<EventTime> scaled_time(std::int64_t number, std::int64_t nanos);
// The unit in nanoseconds that the name of a column tells; none if the size of the numbers decides.
std::optional<std::int64_t> unit_by_name(const std::string& name);

// Sets a value to a time; none marks a value that is no time. An instant is in UTC, a local time in the zone.
void set_time(const std::optional<TableTime>& time, FieldValue& value);
void set_instant(std::optional<EventTime> time, FieldValue& value);
void set_local(std::optional<EventTime> time, const TimeZone& zone, FieldValue& value);
// Reads a number as the text of its digits: 20260105, 202601051430, 1767623400.0.
void set_time_of_digits(std::int64_t number, const TimeForm& form, FieldValue& value);
void set_time_of_digits(double number, const TimeForm& form, FieldValue& value);

// Joins dates (text or local midnights) with times of day (text or times on 1970-01-01).
std::unique_ptr<TableColumnReader> join_times(std::unique_ptr<TableColumnReader> dates,
                                              std::unique_ptr<TableColumnReader> times_of_day, const TimeForm& form);

}  // namespace tidemark
