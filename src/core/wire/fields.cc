#include "core/wire/fields.h"

#include "core/enum_names.h"

namespace tidemark {
namespace {

constexpr EnumNames<FieldName, field_count> field_names{
    "symbol",       "timestamp",  "open",      "high",        "low",  "close",     "volume", "vwap",
    "price_change", "pct_change", "direction", "trade_count", "feed", "heartbeat", "source", "ingested_at"};

}  // namespace

std::string_view to_string(FieldName name) { return field_names[name]; }

std::optional<FieldName> parse_field_name(std::string_view text) { return field_names.find(text); }

}  // namespace tidemark
