// Store: permanent storage of final trends and judged bars.
//
// A publication is named before it is made (contract/semantics.md, exactly-once): the role commits the file names as
// its intent, then publishes, then commits its positions. A restart that finds an intent publishes exactly the same
// again, and publishing twice gives the same files.
#pragma once

#include <string>
#include <vector>

#include "core/market/bar.h"
#include "core/market/trend.h"
#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

struct Publication {
  Position trends_from = 0, trends_to = 0;  // offsets in Topic::Trends,     [from, to)
  Position bars_from = 0, bars_to = 0;      // offsets in Topic::JudgedBars, [from, to)
  std::vector<Trend> trends;
  std::vector<JudgedBar> bars;
};

// Of some rows, one by one: whether a store has them.
struct StoredRows {
  std::vector<bool> trends, bars;
};

class Store {
 public:
  virtual ~Store() = default;
  // Which of these rows it has already: a trend of the same symbol and window with this revision or a higher one; a bar of
  // the same symbol, time and position. It reads what it holds of their days, so ask only about rows in doubt.
  virtual Result<StoredRows> find(const Publication& rows) const = 0;
  // The names of the files of this publication, relative to the store, in a fixed order.
  virtual std::vector<std::string> files(const Publication& publication) const = 0;
  // Writes the files hidden, makes them durable, then makes all of them visible. Idempotent.
  virtual Result<void> publish(const Publication& publication) = 0;
  // From now on only this process publishes rows of the positions [from, to) of both topics. Removes hidden files of
  // these positions that a dead process left behind.
  virtual Result<void> take_over(Position /*from*/, Position /*to*/) { return {}; }
};

}  // namespace tidemark
