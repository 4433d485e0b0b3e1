// Records: the decoder's two readers against each other, and its decisions against slow_judge.h. Then what is written
// of a record is read back.
#include <algorithm>
#include <string>

#include "core/check.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "core/wire/plain_record.h"
#include "fuzz/slow_json.h"
#include "fuzz/slow_judge.h"
#include "fuzz/target.h"

namespace tidemark::fuzz {
namespace {

// The depth that slow_json.h, which recurses, can take.
bool nests_by_thousands(std::string_view record) {
  return std::count_if(record.begin(), record.end(), [](char c) { return c == '{' || c == '['; }) > 2'000;
}

void same_fields(const Fields& one, const Fields& other) {
  for (std::size_t i = 0; i < field_count; ++i) {
    const auto name = static_cast<FieldName>(i);
    const FieldValue &a = one[name], &b = other[name];
    CHECK(a.kind == b.kind);
    if (a.kind == ValueKind::String) CHECK(a.text == b.text && a.lone_surrogate == b.lone_surrogate);
    if (a.kind != ValueKind::Number) continue;
    CHECK(a.number.out_of_range == b.number.out_of_range && a.number.negative == b.number.negative);
    CHECK(a.number.out_of_range ? a.number.has_fraction == b.number.has_fraction : a.number.nanos == b.number.nanos);
  }
}

void same_bar(const Bar& bar, const SlowVerdict& slow) {
  const BarValues& values = bar.values;
  CHECK(slow.kind == SlowVerdict::Kind::Bar);
  CHECK(bar.symbol == slow.symbol && bar.feed == slow.feed);
  CHECK(nanos_since_epoch(values.time) == slow.time);
  CHECK(values.open.nanos == slow.open && values.high.nanos == slow.high);
  CHECK(values.low.nanos == slow.low && values.close.nanos == slow.close);
  CHECK(values.volume.nanos == slow.volume);
  CHECK(values.vwap.has_value() == slow.vwap.has_value());
  CHECK(!slow.vwap || values.vwap.value().nanos == *slow.vwap);
  CHECK(values.price_change.nanos == slow.price_change && values.pct_change.nanos == slow.pct_change);
  CHECK(to_string(values.direction) == slow.direction);
  CHECK(values.trade_count.has_value() == slow.trade_count.has_value());
  CHECK(!slow.trade_count || values.trade_count.value() == *slow.trade_count);
}

// A bar written by Tidemark reads back as the same bar.
void reads_back(const Bar& bar) {
  std::string written;
  append_bar(bar, written);
  Decoder decoder;
  const Decoded again = decoder.decode(written);
  const bool written_out_of_years =
      written.find("\"1969-12-31T") != written.npos || written.find("\"2262-01-") != written.npos;
  if (written.size() > max_record_bytes || (written_out_of_years && std::holds_alternative<Reject>(again))) return;
  const Bar& other = std::get<Bar>(again);
  CHECK(other.symbol == bar.symbol && other.feed == bar.feed && other.values == bar.values);

  std::string judged;
  append_judged_bar(bar, Verdict::Late, 77, judged);
  const auto row = decode_judged_bar(judged);
  CHECK(row && row->symbol == bar.symbol && row->feed == bar.feed && row->values == bar.values);
  CHECK(row->verdict == Verdict::Late && row->position == 77);
}

void same_decision(const Decoded& one, const Decoded& other) {
  CHECK(one.index() == other.index());
  if (const auto* bar = std::get_if<Bar>(&one)) {
    const Bar& same = std::get<Bar>(other);
    CHECK(bar->symbol == same.symbol && bar->feed == same.feed && bar->values == same.values);
  } else if (const auto* heartbeat = std::get_if<Heartbeat>(&one)) {
    CHECK(heartbeat->time == std::get<Heartbeat>(other).time);
  } else {
    CHECK(std::get<Reject>(one) == std::get<Reject>(other));
  }
}

// A decoder that has learned the shape of the input's first line decides on each line as one that has learned nothing.
void learned_shape_decides_alike(std::string_view input) {
  Decoder learned;
  const std::string_view first = input.substr(0, input.find('\n'));
  for (int round = 0; round < 2; ++round) (void)learned.decode(first);  // it learns from two misses in a row
  for (std::size_t begin = 0; begin < input.size();) {
    const std::size_t end = std::min(input.find('\n', begin), input.size());
    const std::string record(input.substr(begin, end - begin));  // its own memory: a sanitizer sees what lies beyond
    Decoder complete;
    same_decision(learned.decode(record), complete.decode(record));
    begin = end + 1;
  }
}

void dead_letter_is_json(const Reject& reject, std::string_view record) {
  std::string letter;
  append_dead_letter(reject, {"input", 7}, record, record.size(), letter);
  const auto json = read_slow_json(letter);
  CHECK(json && json->kind == SlowValue::Kind::Object && !json->has_duplicate_key());
  const SlowValue* const carried = json->find(u"record");
  CHECK(carried != nullptr);
  if (carried->kind == SlowValue::Kind::String) CHECK(to_utf8(carried->string) == record.substr(0, max_record_bytes));
}

const Registered decoder("decoder", [](std::string_view record) {
  if (nests_by_thousands(record)) return;
  learned_shape_decides_alike(record);
  Fields plain, complete;
  if (read_plain_record(record, plain)) {
    JsonReader json;
    CHECK(!json.read(record, complete));
    same_fields(plain, complete);
  }

  static Decoder used_before;  // a record must not affect the next one
  const Decoded decoded = used_before.decode(record);
  const SlowVerdict slow = judge_slowly(record);
  if (const auto* bar = std::get_if<Bar>(&decoded)) {
    same_bar(*bar, slow);
    reads_back(*bar);
  } else if (const auto* heartbeat = std::get_if<Heartbeat>(&decoded)) {
    CHECK(slow.kind == SlowVerdict::Kind::Heartbeat);
    CHECK(nanos_since_epoch(heartbeat->time) == slow.time);
  } else {
    const Reject& reject = std::get<Reject>(decoded);
    CHECK(slow.kind == SlowVerdict::Kind::Reject);
    CHECK(to_string(reject.reason) == slow.reason && reject.field == slow.field);
    dead_letter_is_json(reject, record);
  }
});

}  // namespace
}  // namespace tidemark::fuzz
