// The contract read naively: sums over bars in plain maps, clause by clause, nothing of the engine's code.
//
// What a log holds after these lines, and what a lake that was made of it; test/stages/sim holds it to the contract's reference.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/account.h"
#include "sim/script.h"

namespace tidemark::sim {

struct Expected {
  // Values of the topics, in order.
  std::vector<std::string> trends, judged_bars, late_bars, dead_letters;
  // Rows of the lake: the day, then "column=value" for each column, in any order.
  std::vector<std::string> trend_rows, bar_rows;
  Account account;
  std::size_t open_symbols = 0, open_bars = 0;  // of windows that are still open
  std::size_t symbols_with_finals = 0;
};

class NaiveReading {
 public:
  explicit NaiveReading(const WindowSpec& windows) : windows_(windows) {}

  void read(const Line& line);  // the next line of the log
  Expected finish();

 private:
  struct Window {
    std::map<EventTime, ScriptBar> bars;
    std::map<EventTime, std::int64_t> records;  // how many each bar has had
  };
  using Key = std::pair<EventTime, std::string>;  // end, symbol

  void observe(EventTime time);
  void lower(EventTime to);
  bool is_open(const std::string& symbol, EventTime end) const;
  void take(const ScriptBar& bar, const Line& line);
  void reject(const std::string& reason, const std::string& field, const Line& line);
  void close(const Key& key, const Window& window);
  void judged(const ScriptBar& bar, const char* verdict);

  WindowSpec windows_;
  std::optional<EventTime> largest_, heartbeat_;
  std::map<std::string, EventTime> last_final_;  // by symbol: the largest end of a window that gave one
  std::int64_t limit_ = 0;                       // seconds ahead of the append; 0: none
  std::map<Key, Window> open_;
  std::int64_t position_ = 0;
  Expected expected_;
};

}  // namespace tidemark::sim
