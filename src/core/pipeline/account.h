// The account: each record that was read is counted in exactly one of these counters.
#pragma once

#include <cstdint>

namespace tidemark {

struct Account {
  std::int64_t read = 0;  // records, heartbeats and blank lines apart
  std::int64_t accepted = 0;
  std::int64_t duplicate = 0;
  std::int64_t corrected = 0;
  std::int64_t late = 0;
  std::int64_t rejected = 0;

  constexpr bool adds_up() const { return read == accepted + duplicate + corrected + late + rejected; }
  friend constexpr bool operator==(const Account&, const Account&) = default;
};

}  // namespace tidemark
