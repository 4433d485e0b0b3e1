// The verb token: issues, rotates, revokes and lists the tokens of a file. A running instance notices changes by
// itself.
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
  std::string name;                           // of the new or revoked token; may be empty for a new one
  std::optional<Duration> valid;              // none: no end
  Duration overlap = std::chrono::hours(24);  // how long older tokens stay valid after a rotation
  bool json = false;
};

}  // namespace tidemark
