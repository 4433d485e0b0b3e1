// What the store role finds in a damaged log: its state, and rows that are none. It reports an error, or publishes
// exactly what is there, once.
#include <string>

#include "core/check.h"
#include "core/wire/decode.h"
#include "core/wire/encode.h"
#include "fuzz/target.h"
#include "run/roles/role_rig_test.h"
#include "run/roles/store_role.h"

namespace tidemark::fuzz {
namespace {

// Whatever is accepted as a row can be written, and reads back as the same row.
void check_rows(std::string_view row) {
  std::string again, twice;
  if (const auto trend = decode_trend(row)) {
    append_trend(*trend, again);
    CHECK(decode_trend(again) == trend);
  }
  again.clear();
  if (const auto judged = decode_judged_bar(row)) {
    append_judged_bar({judged->symbol, judged->feed, judged->values}, judged->verdict, judged->position, again);
    const auto other = decode_judged_bar(again);
    CHECK(other.has_value());
    append_judged_bar({other->symbol, other->feed, other->values}, other->verdict, other->position, twice);
    CHECK(twice == again);
  }
}

// The first part is the role's state. Each further part is a row: t… of the trends, anything else of the bars.
const Registered intent("intent", [](std::string_view bytes) {
  Fate fate;
  MemoryLog log(fate);
  MemoryStore store(fate);
  ManualClock clock;
  Commit written;
  written.reader = "store";
  written.state = std::string(take_part(bytes));
  CHECK(log.commit(written).has_value());
  while (!bytes.empty()) {
    std::string_view row = take_part(bytes);
    const Topic topic = row.starts_with('t') ? Topic::Trends : Topic::JudgedBars;
    if (!row.empty()) row.remove_prefix(1);
    check_rows(row);
    log.topic(topic).push_back({.value = std::string(row)});
  }

  StoreRole role(log, store, clock, {});
  if (const auto opened = role.open(); !opened) {
    CHECK(!opened.error().message().empty());
    return;
  }
  std::size_t done_with = 0;  // offsets
  for (;;) {
    const auto rows = role.flush();
    if (!rows) {
      CHECK(!rows.error().message().empty());
      return;
    }
    if (*rows == 0) break;
    done_with += *rows;
  }
  const StoreRole::Counts counts = role.take_counts();
  CHECK(store.rows("trends").size() + store.rows("bars").size() == counts.published);
  CHECK(counts.published + counts.repeated() <= done_with);
  const auto state = log.restore("store")->state;
  CHECK(state->empty() || StoreIntent::parse(*state)->size() == 0);
});

}  // namespace
}  // namespace tidemark::fuzz
