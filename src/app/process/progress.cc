#include "app/process/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tidemark {
namespace {

constexpr std::chrono::seconds first_after{1};
constexpr std::chrono::milliseconds then_every{200};
constexpr auto clear_line = "\r\x1b[K";

std::string grouped(std::uint64_t number) {
  std::string text = fmt::to_string(number);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

std::string rate_text(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.1f} M", per_second / 1e6);
  if (per_second >= 1e3) return fmt::format("{:.1f} k", per_second / 1e3);
  return fmt::format("{:.0f}", per_second);
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

std::string progress_text(std::string_view unit, std::uint64_t done, std::optional<std::uint64_t> total,
                          std::chrono::duration<double> elapsed) {
  const double rate = elapsed.count() > 0 ? static_cast<double>(done) / elapsed.count() : 0;
  std::string text = fmt::format("{} {}", grouped(done), unit);
  if (total && *total > 0 && done <= *total) {
    text += fmt::format(" ({} %)", static_cast<int>(100.0 * static_cast<double>(done) / static_cast<double>(*total)));
  }
  text += fmt::format(", {} {}/s", rate_text(rate), unit);
  if (total && done <= *total && rate > 0) {
    text += fmt::format(", {} left", time_text(static_cast<double>(*total - done) / rate));
  }
  return text;
}

Progress::Progress(std::string_view unit, std::optional<std::uint64_t> total)
    : unit_(unit),
      total_(total),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      begin_(Clock::now()),
      next_(begin_ + first_after) {}

Progress::~Progress() {
  if (shown_) std::fputs(clear_line, stderr);
}

void Progress::advance_to(std::uint64_t done, std::optional<double> share, std::string_view note) {
  if (!on_terminal_) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + then_every;
  shown_ = true;
  if (share && *share > 0) total_ = std::max(done, static_cast<std::uint64_t>(static_cast<double>(done) / *share));
  std::string text = clear_line + progress_text(unit_, done, total_, now - begin_);
  if (!note.empty()) text += fmt::format(", {}", note);
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace tidemark
