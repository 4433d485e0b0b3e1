#include "core/wire/reject.h"

#include "core/enum_names.h"
#include "core/wire/base64.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

constexpr EnumNames<Reason, reason_count> reason_names{
    "too_long",        "bad_json",         "duplicate_key",      "too_deep",       "not_an_object",  "missing",
    "wrong_type",      "bad_symbol",       "bad_timestamp",      "not_positive",   "negative",       "out_of_range",
    "not_integer",     "bad_direction",    "bad_feed",           "high_below_low", "low_above_open", "open_above_high",
    "low_above_close", "close_above_high", "ahead_of_heartbeat", "bad_row",        "ahead_of_feed"};

}  // namespace

std::string_view to_string(Reason reason) { return reason_names[reason]; }

std::optional<Reason> parse_reason(std::string_view name) { return reason_names.find(name); }

void append_dead_letter(const Reject& reject, const Source& source, std::string_view record, std::size_t bytes_in_all,
                        std::string& out) {
  const bool too_long = bytes_in_all > max_record_bytes;
  record = record.substr(0, max_record_bytes);
  const bool is_text = is_utf8(record);
  out += R"({"reason":)";
  append_json_string(to_string(reject.reason), out);
  out += R"(,"field":)";
  append_json_string(reject.field, out);
  out += R"(,"source":)";
  append_json_string(source.name, out);
  out += R"(,"position":)";
  out += std::to_string(source.position);
  out += R"(,"record":)";
  if (is_text)
    append_json_string(record, out);
  else
    out += "null";
  if (!is_text) {
    out += R"(,"record_base64":")";
    append_base64(record, out);
    out += '"';
  }
  if (too_long) {
    out += R"(,"record_bytes":)";
    out += std::to_string(bytes_in_all);
  }
  out += '}';
}

}  // namespace tidemark
