// Store: final trends and judged bars of the log → the lake.
//
//     poll [from, to) ─▶ commit the intent ─▶ publish the files ─▶ commit the positions
//
// Killed after any arrow, the next start finds the intent and publishes exactly it again, and so does the next try
// after an error; the store makes that harmless. So each row is in the lake once (contract/semantics.md §5.3).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time/time.h"
#include "run/interfaces/clock.h"
#include "run/interfaces/log.h"
#include "run/interfaces/readers.h"
#include "run/interfaces/store.h"

namespace tidemark {

struct StoreRoleOptions {
  std::string name{lake_reader};                     // under which it reads; each store of a log has its own
  Duration longest_wait = std::chrono::seconds(60);  // of a row for its file
  Duration first_wait = std::chrono::seconds(2);     // after a start: somebody wants to query soon
  std::size_t most_rows = 25'000;                    // of each topic in one publication; full ones do not wait
};

class StoreRole {
 public:
  StoreRole(Log& log, Store& store, const Clock& clock, const StoreRoleOptions& options);

  // By the log, this store has rows up to `position`, and may have those up to `intended`.
  struct Published {
    Position position = 0, intended = 0;
  };
  struct PublishedRows {
    Published trends, bars;
  };
  static Result<PublishedRows> published_rows(Log& log, std::string_view name = lake_reader);

  // Finds what a killed run had begun. Once, before do_work(), which finishes it.
  Result<void> open();

  // Publishes if enough has gathered or waited. Returns how many rows; 0 = nothing is due.
  Result<std::size_t> do_work();
  // Publishes whatever there is: for the end of a run. Repeat until it returns 0.
  Result<std::size_t> flush();

 private:
  struct Range {
    Position from = 0, to = 0;
    std::size_t size() const { return static_cast<std::size_t>(to - from); }
  };
  struct Ranges {
    Range trends, bars;
    std::size_t size() const { return trends.size() + bars.size(); }
  };

  Result<Ranges> waiting();
  Result<std::size_t> publish(const Ranges& ranges);
  Result<std::size_t> finish();
  Result<Publication> read(const Ranges& ranges);
  static std::string describe(const Ranges& ranges, const std::vector<std::string>& files);
  static std::optional<Ranges> parse_intent(std::string_view intent);

  Log& log_;
  Store& store_;
  const Clock& clock_;
  StoreRoleOptions options_;
  Position trends_ = 0, bars_ = 0;       // published up to here
  std::optional<Publication> intended_;  // its intent is durable, so nothing else comes before it
  std::optional<EventTime> waiting_since_;
  bool published_once_ = false;
};

}  // namespace tidemark
