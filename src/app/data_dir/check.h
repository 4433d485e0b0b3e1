// A check: what the doctor saw when it looked at one thing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark {

enum class Health : std::uint8_t { Ok, Warning, Failure };

struct Check {
  Health health = Health::Ok;
  std::string subject;    // "port"
  std::string detail;     // what was seen
  std::string cure = {};  // what to do about it; empty when all is well
};

constexpr std::string_view to_string(Health health) {
  return health == Health::Ok ? "ok" : health == Health::Warning ? "warn" : "FAIL";
}

}  // namespace tidemark
