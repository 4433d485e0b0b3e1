// The script of a world: what its market says, record by record, with what each record means.
//
// The meaning stands beside the bytes, so that the naive reading of the contract needs no decoder. Disorder, doubles,
// corrections, late bars, jumps of the heartbeat, lines that are no bars; days that end within it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/market/bar.h"
#include "core/stream/window_spec.h"
#include "run/interfaces/log.h"

namespace tidemark::sim {

struct ScriptBar {
  std::string symbol;
  EventTime time{};
  std::int64_t open = 0, high = 0, low = 0, close = 0;  // 1e-9 dollars
  Int128 volume = 0;                                    // 1e-9
  std::optional<std::int64_t> vwap;
  Int128 price_change = 0, pct_change = 0;  // 1e-9, derived where the record does not say
  std::string direction;
  std::optional<std::int64_t> trade_count;
  std::optional<std::string> feed;
  friend bool operator==(const ScriptBar&, const ScriptBar&) = default;
};

struct Line {
  enum class Meaning : std::uint8_t { Bar, NoBar, Blank, Heartbeat, End, Limit, Lower } meaning = Meaning::Blank;
  ScriptBar bar;              // of a bar
  std::string reason, field;  // of what is no bar
  EventTime time{};           // of a heartbeat; of a lowered watermark, to what; of others when the market said it
  std::int64_t limit = 0;     // of a limit: seconds
  Record record;              // `ingested_at` is known once it has been brought
};

struct Script {
  WindowSpec windows;
  std::vector<Line> lines;
};

// The same seed gives the same lines; fewer of them are the beginning of more.
Script write_script(std::uint64_t seed, std::size_t most_lines);

}  // namespace tidemark::sim
