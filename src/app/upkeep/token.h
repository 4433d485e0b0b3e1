// The verb token: the lines of a token file, issued, rotated, revoked and listed. A running instance notices by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/time/time.h"

namespace tidemark {

struct TokenVerbOptions {
  enum class Action : std::uint8_t { Issue, Rotate, Revoke, List };
  Action action = Action::List;
  std::string file;
  std::string name;                           // of the one that is made, or revoked; may be empty for the first
  std::optional<Duration> valid;              // none: for ever
  Duration overlap = std::chrono::hours(24);  // how long those before stay valid when a new one is rotated in
  bool json = false;
};

}  // namespace tidemark
