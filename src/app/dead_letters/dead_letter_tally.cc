#include "app/dead_letters/dead_letter_tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace tidemark {

std::string DeadLetterReason::text() const {
  return field.empty() ? std::string(to_string(reason)) : fmt::format("{} {}", to_string(reason), field);
}

void DeadLetterCounts::add(const DeadLetterCounts& other) {
  letters += other.letters;
  before += other.before;
  bars += other.bars;
  heartbeats += other.heartbeats;
  cut += other.cut;
  rejected += other.rejected;
}

DeadLetterCounts& DeadLetterTally::row(const DeadLetterReason& why) {
  DeadLetterCounts& row = rows_[why];
  ++row.letters;
  return row;
}

bool DeadLetterTally::count(const DeadLetterReason& why, const Decoded& decoded) {
  DeadLetterCounts& row = this->row(why);
  if (const auto* reject = std::get_if<Reject>(&decoded)) {
    ++row.rejected;
    ++still_rejected_[{reject->reason, std::string(reject->field)}];
    return false;
  }
  const auto* bar = std::get_if<Bar>(&decoded);
  ++(bar ? row.bars : row.heartbeats);
  if (!bar) return true;
  const EventTime time = bar->values.time;
  const auto day = days_.try_emplace(std::chrono::floor<std::chrono::days>(time), time).first;
  day->second = std::min(day->second, time);
  return true;
}

DeadLetterCounts DeadLetterTally::sum() const {
  DeadLetterCounts sum;
  for (const auto& [why, row] : rows_) sum.add(row);
  return sum;
}

std::string DeadLetterTally::table() const {
  const auto line = [](std::string_view why, const DeadLetterCounts& row) {
    return fmt::format("{:<30} {:>9} {:>9} {:>9} {:>11} {:>9}\n", why, row.letters, row.before,
                       row.bars + row.heartbeats, row.rejected, row.cut);
  };
  std::string text = fmt::format("{:<30} {:>9} {:>9} {:>9} {:>11} {:>9}\n", "rejected as", "letters", "redriven",
                                 "bars now", "no bars yet", "cut short");
  for (const auto& [why, row] : rows_) text += line(why.text(), row);
  if (rows_.size() > 1) text += line("", sum());
  return text;
}

std::string DeadLetterTally::json() const {
  std::string text;
  for (const auto& [why, row] : rows_)
    text += fmt::format(R"({}{{"reason":"{}","field":"{}","letters":{},"redriven_before":{},"bars":{},"heartbeats":{},)"
                        R"("still_rejected":{},"cut":{}}})",
                        text.empty() ? "" : ",", to_string(why.reason), why.field, row.letters, row.before, row.bars,
                        row.heartbeats, row.rejected, row.cut);
  return "[" + text + "]";
}

std::string list_of(const std::map<DeadLetterReason, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [why, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", why.text(), count);
  return text;
}

}  // namespace tidemark
