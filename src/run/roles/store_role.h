// Store: final trends and judged bars of the log → the lake.
//
//     poll [from, to) ─▶ commit the intent ─▶ publish the files ─▶ commit the positions
//
// After a kill at any arrow, the next start finds the intent and publishes exactly the same again. So does the next try
// after an error, and the store makes that harmless. So each row is in the lake once (contract/semantics.md §5.3), even
// if the log has it twice (repeated_rows.h).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/time/time.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/log.h"
#include "run/interfaces/readers.h"
#include "run/interfaces/store.h"
#include "run/roles/repeated_rows.h"
#include "run/roles/store_intent.h"

namespace tidemark {

struct StoreRoleOptions {
  std::string name{lake_reader};                     // its name as a reader of the log; each store has its own
  Duration longest_wait = std::chrono::seconds(60);  // of a row before its file is written
  Duration first_wait = std::chrono::seconds(2);     // after a start, because someone may want to query soon
  std::size_t most_rows = 25'000;                    // per topic in one publication; a full one does not wait
};

class StoreRole {
 public:
  StoreRole(Log& log, Store& store, const Clock& clock, const StoreRoleOptions& options);

  // According to the log, rows are published up to `position`, and those up to `intended` may be.
  struct Published {
    Position position = 0, intended = 0;
  };
  struct PublishedRows {
    Published trends, bars;
  };
  static Result<PublishedRows> published_rows(Log& log, std::string_view name = lake_reader);

  // Loads what a killed run had begun, for do_work() to finish. Call it once, before do_work().
  Result<void> open();

  // Publishes if enough rows have gathered or waited. Returns the number of offsets that are done with; 0 = nothing is due.
  Result<std::size_t> do_work();
  // Publishes whatever there is, at the end of a run. Call it until it returns 0.
  Result<std::size_t> flush();

  // Rows that went to the store, and repeated ones that did not, since the last call.
  struct Counts {
    std::size_t published = 0, repeated_trends = 0, repeated_bars = 0;
    std::size_t repeated() const { return repeated_trends + repeated_bars; }
  };
  Counts take_counts() { return std::exchange(counts_, {}); }

 private:
  struct Intended {
    StoreIntent intent;
    Publication publication;
  };

  Result<StoreIntent> waiting();
  Result<std::size_t> publish(StoreIntent intent);
  Result<std::size_t> finish();
  // The rows of the intent, without the repeated ones that it names.
  Result<RowsOfLog> read(const StoreIntent& intent);

  Log& log_;
  Store& store_;
  const Clock& clock_;
  StoreRoleOptions options_;
  Position trends_ = 0, bars_ = 0;                // published up to here
  std::optional<LastRows> through_ = LastRows{};  // the last rows of the store
  std::optional<Intended> intended_;              // it is durable, so nothing else may come before it
  std::optional<EventTime> waiting_since_;
  bool published_once_ = false;
  Counts counts_;
};

}  // namespace tidemark
