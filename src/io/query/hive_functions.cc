#include "io/query/hive_functions.h"

#include <array>

namespace tidemark {
namespace {

constexpr std::array statements{
    // A window's times are text; HiveQL compares them with dates and timestamps.
    "SET old_implicit_casting = true",
    // NULL is the smallest value: first when ascending, last when descending.
    "SET default_null_order = 'NULLS_FIRST_ON_ASC_LAST_ON_DESC'",

    // Days and months. A text is read as a date or a timestamp.
    "CREATE MACRO to_date(t) AS CAST(t AS DATE)",
    "CREATE MACRO date_add(d, days) AS CAST(d AS DATE) + CAST(days AS INTEGER)",
    "CREATE MACRO date_sub(d, days) AS CAST(d AS DATE) - CAST(days AS INTEGER), "
    "(part, a, b) AS system.main.date_sub(part, a, b)",
    "CREATE MACRO datediff(a, b) AS CAST(a AS DATE) - CAST(b AS DATE), "
    "(part, a, b) AS system.main.datediff(part, a, b)",
    "CREATE MACRO add_months(d, months) AS CAST(CAST(d AS DATE) + to_months(CAST(months AS INTEGER)) AS DATE)",

    // Parts of a time.
    "CREATE MACRO year(t) AS date_part('year', CAST(t AS TIMESTAMP))",
    "CREATE MACRO quarter(t) AS date_part('quarter', CAST(t AS TIMESTAMP))",
    "CREATE MACRO month(t) AS date_part('month', CAST(t AS TIMESTAMP))",
    "CREATE MACRO weekofyear(t) AS date_part('week', CAST(t AS TIMESTAMP))",
    "CREATE MACRO day(t) AS date_part('day', CAST(t AS TIMESTAMP))",
    "CREATE MACRO dayofmonth(t) AS date_part('day', CAST(t AS TIMESTAMP))",
    "CREATE MACRO hour(t) AS date_part('hour', CAST(t AS TIMESTAMP))",
    "CREATE MACRO minute(t) AS date_part('minute', CAST(t AS TIMESTAMP))",
    "CREATE MACRO second(t) AS date_part('second', CAST(t AS TIMESTAMP))",

    // Seconds since 1970, and times formatted by a Java pattern. Each field of the pattern is replaced by digits, so no
    // later replacement can mistake them for a field. Names of months and days are not supported.
    "CREATE MACRO unix_timestamp() AS CAST(floor(epoch(current_timestamp)) AS BIGINT), "
    "(t) AS CAST(floor(epoch(CAST(t AS TIMESTAMP))) AS BIGINT)",
    "CREATE MACRO date_format(t, pattern) AS "
    "replace(replace(replace(replace(replace(replace(replace(replace(pattern, "
    "'yyyy', strftime(CAST(t AS TIMESTAMP), '%Y')), 'MM', strftime(CAST(t AS TIMESTAMP), '%m')), "
    "'dd', strftime(CAST(t AS TIMESTAMP), '%d')), 'HH', strftime(CAST(t AS TIMESTAMP), '%H')), "
    "'hh', strftime(CAST(t AS TIMESTAMP), '%I')), 'mm', strftime(CAST(t AS TIMESTAMP), '%M')), "
    "'ss', strftime(CAST(t AS TIMESTAMP), '%S')), '''', '')",
    "CREATE MACRO from_unixtime(s) AS strftime(make_timestamp(CAST(s AS BIGINT) * 1000000), '%Y-%m-%d %H:%M:%S'), "
    "(s, pattern) AS date_format(make_timestamp(CAST(s AS BIGINT) * 1000000), pattern)",
    "CREATE MACRO from_utc_timestamp(t, zone) AS timezone(zone, timezone('UTC', CAST(t AS TIMESTAMP)))",
    "CREATE MACRO to_utc_timestamp(t, zone) AS timezone('UTC', timezone(zone, CAST(t AS TIMESTAMP)))",

    "CREATE MACRO nvl(value, otherwise) AS coalesce(value, otherwise)",

    // Lists. Hive leaves their order open. A set is sorted here, so that the same query has the same answer.
    "CREATE MACRO collect_list(x) AS coalesce(list(x) FILTER (x IS NOT NULL), [])",
    "CREATE MACRO collect_set(x) AS coalesce(list_sort(list(DISTINCT x) FILTER (x IS NOT NULL)), [])",
    "CREATE MACRO sort_array(x) AS list_sort(x)",
    "CREATE MACRO size(x) AS len(x)",
    // With two arguments the second is a list or a text; its JSON type tells which.
    "CREATE MACRO concat_ws(s, a) AS CASE json_type(to_json(a)) WHEN 'ARRAY' THEN "
    "CASE json_array_length(to_json(a)) WHEN 0 THEN '' ELSE "
    "list_reduce(from_json(to_json(a), '[\"VARCHAR\"]'), lambda x, y: x || s || y) END "
    "ELSE to_json(a) ->> '$' END, "
    "(s, a, b) AS system.main.concat_ws(s, a, b), (s, a, b, c) AS system.main.concat_ws(s, a, b, c), "
    "(s, a, b, c, d) AS system.main.concat_ws(s, a, b, c, d), "
    "(s, a, b, c, d, e) AS system.main.concat_ws(s, a, b, c, d, e)",
    "CREATE MACRO locate(part, text) AS instr(text, part)",

    // Exact where Hive's approximates.
    "CREATE MACRO percentile(x, p) AS quantile_cont(x, p)",
    "CREATE MACRO percentile_approx(x, p) AS quantile_cont(x, p), (x, p, accuracy) AS quantile_cont(x, p)",
    "CREATE MACRO pmod(a, b) AS ((a % b) + b) % b",
    "CREATE MACRO rand() AS random()",
};

}  // namespace

std::span<const char* const> hive_statements() { return statements; }

}  // namespace tidemark
