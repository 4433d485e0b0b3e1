// Naive timestamps: by position, and counting days year by year (contract/semantics.md §2.3). Shares no code with
// core/time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tidemark::fuzz {

// Nanoseconds since 1970-01-01T00:00:00Z; empty if `text` is no timestamp by the contract.
std::optional<std::int64_t> read_slow_time(std::string_view text);

}  // namespace tidemark::fuzz
