#include "run/roles/worker_status.h"

#include <algorithm>
#include <charconv>

namespace tidemark {
namespace {

struct Count {
  std::string_view name;
  std::int64_t Account::* field;
};
constexpr Count counts[] = {{"read", &Account::read},           {"accepted", &Account::accepted},
                            {"duplicate", &Account::duplicate}, {"corrected", &Account::corrected},
                            {"late", &Account::late},           {"rejected", &Account::rejected}};

struct Moment {
  std::string_view name;
  std::optional<EventTime> LiveBatch::* field;
};
constexpr Moment moments[] = {{"watermark", &LiveBatch::watermark},
                              {"event_time", &LiveBatch::event_time},
                              {"ingested_at", &LiveBatch::ingested_at}};

// The part of a jump that the page shows. Its record is in the worker's journal.
struct JumpMoment {
  std::string_view name;
  EventTime WatermarkJump::* field;
};
constexpr JumpMoment jump_moments[] = {
    {"jump_bar", &WatermarkJump::bar}, {"jump_from", &WatermarkJump::from}, {"jump_to", &WatermarkJump::to}};
constexpr std::string_view jump_late = "jump_late";

void append_line(std::string& text, std::string_view name, std::int64_t number) {
  text.append(name);
  text += '=';
  text += std::to_string(number);
  text += '\n';
}

void take(LiveBatch& state, std::string_view name, std::int64_t number) {
  for (const Count& count : counts)
    if (count.name == name) state.account.*count.field = number;
  for (const Moment& moment : moments)
    if (moment.name == name) state.*moment.field = event_time_from_nanos(number);
  if (!name.starts_with("jump_")) return;
  if (!state.jump) state.jump.emplace();
  if (name == jump_late) state.jump->late = number;
  for (const JumpMoment& moment : jump_moments)
    if (moment.name == name) (*state.jump).*moment.field = event_time_from_nanos(number);
}

}  // namespace

std::string write_worker_status(const LiveBatch& state) {
  std::string text;
  for (const Count& count : counts) append_line(text, count.name, state.account.*count.field);
  for (const Moment& moment : moments)
    if (const auto time = state.*moment.field) append_line(text, moment.name, nanos_since_epoch(*time));
  if (!state.jump) return text;
  for (const JumpMoment& moment : jump_moments)
    append_line(text, moment.name, nanos_since_epoch((*state.jump).*moment.field));
  append_line(text, jump_late, state.jump->late);
  return text;
}

std::optional<LiveBatch> parse_worker_status(std::string_view text) {
  LiveBatch state;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return std::nullopt;
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(line.data() + equals + 1, line.data() + line.size(), number);
    if (error != std::errc{} || rest != line.data() + line.size()) return std::nullopt;
    take(state, line.substr(0, equals), number);
  }
  return state;
}

}  // namespace tidemark
