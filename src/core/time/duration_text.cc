#include "core/time/duration_text.h"

#include <array>
#include <charconv>

namespace tidemark {
namespace {

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array units{Unit{'d', 86'400}, Unit{'h', 3'600}, Unit{'m', 60}, Unit{'s', 1}};
constexpr std::int64_t most_seconds = 100LL * 366 * 86'400;

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || count < 0 || count > most_seconds) return std::nullopt;
  if (rest == end) return std::chrono::seconds{count};
  if (rest + 1 != end) return std::nullopt;
  for (const Unit& unit : units) {
    if (*rest != unit.letter) continue;
    if (count > most_seconds / unit.seconds) return std::nullopt;
    return std::chrono::seconds{count * unit.seconds};
  }
  return std::nullopt;
}

std::string format_duration(Duration duration) {
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  for (const Unit& unit : units) {
    if (seconds != 0 && seconds % unit.seconds == 0) return std::to_string(seconds / unit.seconds) + unit.letter;
  }
  return "0s";
}

}  // namespace tidemark
