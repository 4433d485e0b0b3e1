// VerifyReport: what `tidemark verify` has found, as text and as JSON.
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
  std::optional<PublishedVerdict> published;  // none: there is no log, or it is damaged
  std::array<Position, 2> log_begins{};       // by LakeTable: the oldest offset that the log holds
  std::string set_aside;                      // the folder; empty: nothing was moved
  std::size_t published_again = 0;            // rows

  // True if nothing is damaged any more and nothing is lost.
  bool is_whole() const;
};

std::string for_eyes(const VerifyReport& report);
std::string as_json(const VerifyReport& report);

}  // namespace tidemark
