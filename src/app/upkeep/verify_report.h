// What `tidemark verify` has found, and how it says it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "app/upkeep/verify_lake.h"
#include "app/upkeep/verify_log.h"
#include "app/upkeep/verify_published.h"

namespace tidemark {

struct VerifyReport {
  std::optional<LogVerdict> log;  // none: there is no log
  LakeVerdict lake;
  std::optional<PublishedVerdict> published;  // none: there is no log, or not a whole one
  std::array<Position, 2> log_begins{};       // by LakeTable: the oldest row that it can say again
  std::string set_aside;                      // the folder; empty: nothing was moved
  std::size_t published_again = 0;            // rows

  // Whether nothing is wrong any more, and nothing is lost.
  bool is_whole() const;
};

std::string for_eyes(const VerifyReport& report);
std::string as_json(const VerifyReport& report);

}  // namespace tidemark
