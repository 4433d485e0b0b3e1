// OffsetSet: offsets of a topic as a few ranges, with a readable text form: "3-17 19 40-41".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "run/interfaces/log.h"

namespace tidemark {

class OffsetSet {
 public:
  // Reads what to_text() wrote; empty for anything else. Offsets ascend, and ranges do not touch.
  static std::optional<OffsetSet> parse(std::string_view text);
  std::string to_text() const;

  void insert(Position offset);
  void erase(Position offset);
  bool contains(Position offset) const;

 private:
  std::map<Position, Position> ranges_;  // first → last, both included
};

}  // namespace tidemark
