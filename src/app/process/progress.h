// Progress: one line on standard error that says how far long work has come, how fast, and how long it will
// still take. It appears after a second, only on a terminal, and is gone when the work is done.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

class Progress {
 public:
  static constexpr std::uint64_t megabyte = 1'000'000;  // for work that is told in MB

  // `unit` in the plural: "bars". `total` in the same unit, where it is known.
  Progress(std::string_view unit, std::optional<std::uint64_t> total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Cheap when nothing is due: call it after every batch, from one thread. `share` of the work, 0 to 1, where
  // that is known instead of the total. `note` stands behind it.
  void advance_to(std::uint64_t done, std::optional<double> share = std::nullopt, std::string_view note = {});

 private:
  using Clock = std::chrono::steady_clock;

  std::string unit_;
  std::optional<std::uint64_t> total_;
  bool on_terminal_;
  bool shown_ = false;
  Clock::time_point begin_, next_;
};

// "1,200,000 bars (40 %), 1.5 M bars/s, 1 s left"
std::string progress_text(std::string_view unit, std::uint64_t done, std::optional<std::uint64_t> total,
                          std::chrono::duration<double> elapsed);

}  // namespace tidemark
