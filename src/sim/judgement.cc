#include "sim/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "io/lake/file_check.h"
#include "run/interfaces/readers.h"
#include "sim/lake_reading.h"

namespace tidemark::sim {
namespace {

using Held = std::pair<Topic, const std::vector<std::string>*>;

std::unexpected<Error> broken(std::string sentence) { return std::unexpected(Error::permanent(std::move(sentence))); }

// What is still in the log of a topic, from its begin on; and it must end where it should.
Result<void> compare_topic(Log& log, Topic topic, const std::vector<std::string>& expected) {
  const std::string name(to_string(topic));
  const auto begin = log.begin(topic), end = log.end(topic);
  if (!begin || !end) return broken(name + " cannot be read");
  if (*end != static_cast<Position>(expected.size()))
    return broken(fmt::format("{} has {} records, and should have {}", name, *end, expected.size()));
  const auto batch = log.poll(topic, *begin, static_cast<std::size_t>(*end - *begin) + 1);
  if (!batch) return std::unexpected(batch.error());
  if (batch->size() != static_cast<std::size_t>(*end - *begin))
    return broken(fmt::format("{} has holes: {} records in [{}, {})", name, batch->size(), *begin, *end));
  for (std::size_t i = 0; i < batch->size(); ++i) {
    const auto record = (*batch)[i];
    if (record.value != expected[static_cast<std::size_t>(record.position)])
      return broken(fmt::format("{} at {} is\n    {}\n  and should be\n    {}", name, record.position, record.value,
                                expected[static_cast<std::size_t>(record.position)]));
  }
  return {};
}

Result<void> compare_lake(const Storage& storage, const std::string& lake, const std::string& table,
                          std::vector<std::string> expected) {
  auto rows = read_lake(storage, lake, table);
  if (!rows) return std::unexpected(rows.error());
  std::ranges::sort(expected);
  std::vector<std::string> missing, extra;
  std::ranges::set_difference(expected, *rows, std::back_inserter(missing));
  std::ranges::set_difference(*rows, expected, std::back_inserter(extra));
  if (missing.empty() && extra.empty()) return {};
  std::string sentence =
      fmt::format("the lake's {}: {} rows lost, {} doubled or wrong", table, missing.size(), extra.size());
  if (!missing.empty()) sentence += "\n  lost   " + missing.front();
  if (!extra.empty()) sentence += "\n  extra  " + extra.front();
  return broken(std::move(sentence));
}

// Record by record, so that a damaged one hides no other.
Result<void> compare_shown_topic(Log& log, Topic topic, const std::vector<std::string>& expected) {
  const auto begin = log.begin(topic), end = log.end(topic);
  if (!begin || !end) return {};
  for (Position at = *begin; at < *end; ++at) {
    const auto batch = log.poll(topic, at, 1);
    if (!batch || batch->empty() || (*batch)[0].position != at) continue;
    const auto offset = static_cast<std::size_t>(at);
    if (offset >= expected.size() || (*batch)[0].value != expected[offset])
      return broken(fmt::format("{} at {} is shown as\n    {}\n  and should be\n    {}", to_string(topic), at,
                                (*batch)[0].value, offset < expected.size() ? expected[offset] : "nothing"));
  }
  return {};
}

Result<void> compare_shown_lake(const Lake& lake, LakeTable table, std::vector<std::string> expected) {
  const auto days = lake.days(table);
  if (!days) return {};
  std::vector<std::string> shown;
  for (const LakeDay day : *days) {
    const auto files = lake.files(table, day);
    if (!files) continue;
    for (const LakeFile& file : *files) {
      if (!check_lake_file(lake, table, day, file)) continue;
      auto rows = read_lake_file(lake, table, day, file.name);
      if (!rows) return std::unexpected(rows.error());
      std::ranges::move(*rows, std::back_inserter(shown));
    }
  }
  std::ranges::sort(shown);
  std::ranges::sort(expected);
  std::vector<std::string> extra;
  std::ranges::set_difference(shown, expected, std::back_inserter(extra));
  if (extra.empty()) return {};
  return broken(fmt::format("the lake's {} shows {} rows that are doubled or wrong\n  such as {}", to_string(table),
                            extra.size(), extra.front()));
}

// Memory is bounded by what is open: account, watermark and its jumps; for each bar itself, its pane, and its symbol; and for each
// symbol the end of its last final.
std::size_t most_bytes_held(const Expected& expected) {
  return 256 + 17 * 128 + 192 * expected.open_bars + 32 * expected.symbols_with_finals;
}

}  // namespace

bool is_whole(const Lake& lake) {
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const auto days = lake.days(table);
    if (!days) return false;
    for (const LakeDay day : *days) {
      const auto files = lake.files(table, day);
      if (!files) return false;
      for (const LakeFile& file : *files)
        if (!check_lake_file(lake, table, day, file)) return false;
    }
  }
  return true;
}

Result<void> compare_shown(const Expected& expected, const std::vector<Line>& lines, Log* log, const Lake& lake) {
  std::vector<std::string> brought;
  for (const Line& line : lines) brought.push_back(line.record.value);
  if (log != nullptr)
    for (const auto& [topic, values] :
         {Held(Topic::Bars, &brought), Held(Topic::Trends, &expected.trends),
          Held(Topic::JudgedBars, &expected.judged_bars), Held(Topic::LateBars, &expected.late_bars),
          Held(Topic::DeadLetters, &expected.dead_letters)})
      if (auto right = compare_shown_topic(*log, topic, *values); !right) return right;
  for (const auto& [table, rows] :
       {std::pair(LakeTable::Trends, &expected.trend_rows), std::pair(LakeTable::Bars, &expected.bar_rows)})
    if (auto right = compare_shown_lake(lake, table, *rows); !right) return right;
  return {};
}

Result<void> compare(const Expected& expected, const std::vector<Line>& lines, Log& log, const Machine& machine,
                     const Storage& storage, const std::string& lake) {
  std::vector<std::string> brought;
  for (const Line& line : lines) brought.push_back(line.record.value);
  for (const auto& [topic, values] :
       {Held(Topic::Bars, &brought), Held(Topic::Trends, &expected.trends),
        Held(Topic::JudgedBars, &expected.judged_bars), Held(Topic::LateBars, &expected.late_bars),
        Held(Topic::DeadLetters, &expected.dead_letters)})
    if (auto same = compare_topic(log, topic, *values); !same) return same;
  for (const auto& [table, rows] :
       {std::pair("stock_trends", &expected.trend_rows), std::pair("bars", &expected.bar_rows)})
    if (auto same = compare_lake(storage, lake, table, *rows); !same) return same;

  if (machine.account() != expected.account || !machine.account().adds_up())
    return broken(fmt::format("the account has read {} bars, and should have read {}", machine.account().read,
                              expected.account.read));
  if (machine.open_symbols() != expected.open_symbols)
    return broken(
        fmt::format("{} symbols have open windows, and {} should", machine.open_symbols(), expected.open_symbols));
  if (const std::size_t held = machine.snapshot().size(); held > most_bytes_held(expected))
    return broken(fmt::format("the machine holds {} bytes for {} bars of open windows", held, expected.open_bars));
  const auto store = log.restore(lake_reader);
  if (!store) return std::unexpected(store.error());
  if (store->state && !store->state->empty()) return broken("an intent is left: " + *store->state);
  if (store->position(Topic::Trends) != static_cast<Position>(expected.trends.size()))
    return broken("the store has not read all trends");
  for (const std::string& name : storage.list(lake + "/.anew")) return broken("a day is left in the making: " + name);
  return {};
}

}  // namespace tidemark::sim
