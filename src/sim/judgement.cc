#include "sim/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "run/interfaces/readers.h"
#include "run/roles/store_intent.h"
#include "sim/lake_reading.h"

namespace tidemark::sim {
namespace {

using Held = std::pair<Topic, const std::vector<std::string>*>;

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

// Memory is bounded by what is open: account, watermark and its jumps; for each bar itself, its pane, and its symbol; and for each
// symbol the end of its last final.
std::size_t most_bytes_held(const Expected& expected) {
  return 256 + 17 * 128 + 192 * expected.open_bars + 32 * expected.symbols_with_finals;
}

}  // namespace

Result<void> compare(const Expected& expected, std::span<const Line> lines, Log& log, const Machine& machine,
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
  if (const std::string state = store->state.value_or(""); !state.empty()) {
    const auto intent = StoreIntent::parse(state);
    if (!intent || intent->size() > 0) return broken("an intent is left: " + state);
  }
  if (store->position(Topic::Trends) != static_cast<Position>(expected.trends.size()))
    return broken("the store has not read all trends");
  for (const char* const hidden : {"/.anew", "/.old"})
    for (const std::string& name : storage.list(lake + hidden)) return broken("a day is left in the making: " + name);
  return {};
}

}  // namespace tidemark::sim
