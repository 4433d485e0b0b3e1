// The names of the log's readers. Under its name a reader's positions and state stand in the log; over Kafka the name is
// a part of its consumer group and its transactional ids.
//
// Several stores may read one log, each under a name of its own: each has its own positions, and the log keeps what any
// of them still needs. The lake of the data directory is the store `store`.
#pragma once

#include <algorithm>
#include <string_view>

#include "run/interfaces/log.h"

namespace tidemark {

inline constexpr std::string_view analyze_reader = "analyze";
inline constexpr std::string_view lake_reader = "store";

// A name that can be a part of Kafka's names and of the keys of the state topic.
constexpr bool is_reader_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= 100 && name.find_first_not_of(letters) == name.npos;
}

// Whether the name may be a store's.
constexpr bool is_store_name(std::string_view name) { return is_reader_name(name) && name != analyze_reader; }

// Who reads a topic on in every installation; empty: nobody does. Each further store reads what the lake reads.
constexpr std::string_view reader_of(Topic topic) {
  switch (topic) {
    case Topic::Bars:
      return analyze_reader;
    case Topic::Trends:
    case Topic::JudgedBars:
      return lake_reader;
    case Topic::LateBars:
    case Topic::DeadLetters:
      break;
  }
  return "";
}

}  // namespace tidemark
