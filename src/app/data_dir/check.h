// A check: what the doctor found about one subject.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark {

enum class Health : std::uint8_t { Ok, Warning, Failure };

struct Check {
  Health health = Health::Ok;
  std::string subject;    // "port"
  std::string detail;     // what was found
  std::string cure = {};  // what to do about it; empty if nothing is wrong
};

constexpr std::string_view to_string(Health health) {
  return health == Health::Ok ? "ok" : health == Health::Warning ? "warn" : "FAIL";
}

}  // namespace tidemark
