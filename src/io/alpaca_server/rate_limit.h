// RateLimit: limits the calls per minute of each key. The minute begins with the key's first call.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "core/time/time.h"

namespace tidemark {

class RateLimit {
 public:
  explicit RateLimit(std::uint64_t calls_a_minute) : limit_(calls_a_minute) {}  // 0: none

  struct Standing {
    bool allowed = true;
    std::uint64_t limit = 0, remaining = 0;
    std::int64_t reset = 0;  // Unix seconds at which all calls are available again
  };
  Standing take(const std::string& key, EventTime wall) {
    if (limit_ == 0) return {};
    if (windows_.size() > most_keys) std::erase_if(windows_, [&](const auto& each) { return each.second.end <= wall; });
    Window& window = windows_[key];
    if (window.end <= wall) window = {std::chrono::ceil<std::chrono::seconds>(wall + std::chrono::minutes(1)), 0};
    const bool allowed = window.calls < limit_;
    if (allowed) ++window.calls;
    return {allowed, limit_, limit_ - window.calls,
            std::chrono::floor<std::chrono::seconds>(window.end).time_since_epoch().count()};
  }

 private:
  static constexpr std::size_t most_keys = 1'000;
  struct Window {
    EventTime end{};
    std::uint64_t calls = 0;
  };
  std::uint64_t limit_;
  std::map<std::string, Window> windows_;
};

}  // namespace tidemark
