#include "core/wire/fields.h"

namespace tidemark {
namespace {

constexpr std::array<std::string_view, field_count> names{
    "symbol",       "timestamp",  "open",      "high",        "low",  "close",     "volume", "vwap",
    "price_change", "pct_change", "direction", "trade_count", "feed", "heartbeat", "source", "ingested_at"};

}  // namespace

std::string_view to_string(FieldName name) { return names[static_cast<std::size_t>(name)]; }

std::optional<FieldName> parse_field_name(std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) return static_cast<FieldName>(i);
  return std::nullopt;
}

}  // namespace tidemark
