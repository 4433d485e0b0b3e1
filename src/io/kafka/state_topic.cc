#include "io/kafka/state_topic.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tidemark {
namespace {

constexpr std::size_t most_piece_bytes = 500'000;  // brokers take a million unless told otherwise
constexpr std::size_t states_at_once = 1'024;
constexpr std::size_t state_bytes_at_once = 16'000'000;

std::string piece_key(const std::string& reader, std::size_t number) {
  return number == 0 ? reader : fmt::format("{}/{}", reader, number);
}
std::string needed_key(const std::string& reader) { return reader + "#needed"; }
std::string positions_key(const std::string& reader) { return reader + "#positions"; }

using Positions = std::vector<std::pair<Topic, Position>>;

std::string lines_of(const Positions& positions) {
  std::string text;
  for (const auto& [topic, position] : positions) text += fmt::format("{}={}\n", to_string(topic), position);
  return text;
}

// Other lines are skipped.
Positions read_lines(std::string_view rest) {
  Positions positions;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) continue;
    Position position = 0;
    std::from_chars(line.data() + equals + 1, line.data() + line.size(), position);
    for (const Topic topic : all_topics)
      if (to_string(topic) == line.substr(0, equals)) positions.emplace_back(topic, position);
  }
  return positions;
}

// The first piece begins with a line that says how many bytes there are in all.
std::optional<std::size_t> take_size(std::string_view& piece) {
  std::size_t size = 0;
  const auto [rest, error] = std::from_chars(piece.data(), piece.data() + piece.size(), size);
  const auto used = static_cast<std::size_t>(rest - piece.data());
  if (error != std::errc{} || used >= piece.size() || piece[used] != '\n') return std::nullopt;
  piece.remove_prefix(used + 1);
  return size;
}

}  // namespace

std::string vitals_key(std::string_view reader) { return fmt::format("{}#vitals", reader); }
std::string feed_key(std::string_view feed) { return fmt::format("feed/{}", feed); }

Result<StateTable> StateTable::read(PartitionReader& reader, const std::string& topic, std::int32_t partition) {
  const auto extent = reader.extent(topic, partition);
  if (!extent) return std::unexpected(extent.error());
  StateTable table;
  for (Position at = extent->begin; at < extent->end;) {
    const auto batch = reader.poll(topic, partition, at, states_at_once, state_bytes_at_once);
    if (!batch) return std::unexpected(batch.error());
    for (std::size_t i = 0; i < batch->size(); ++i)
      table.values_.insert_or_assign(std::string((*batch)[i].key), std::string((*batch)[i].value));
    at = batch->next_position();
  }
  return table;
}

std::optional<std::string> StateTable::value(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<std::string>> StateTable::state(const std::string& reader) const {
  const auto first = value(reader);
  if (!first) return std::nullopt;
  std::string_view piece = *first;
  const auto size = take_size(piece);
  const auto damaged = [&] {
    return std::unexpected(Error::permanent(fmt::format("the state of {} in tidemark_state is damaged", reader)));
  };
  if (!size) return damaged();
  std::string state(piece);
  for (std::size_t number = 1; state.size() < *size; ++number) {
    const auto next = value(piece_key(reader, number));
    if (!next || next->empty()) return damaged();
    state += *next;
  }
  if (state.size() != *size) return damaged();
  return state;
}

std::vector<std::pair<Topic, Position>> StateTable::needed(const std::string& reader) const {
  return read_lines(value(needed_key(reader)).value_or(""));
}

std::vector<std::pair<Topic, Position>> StateTable::positions(const std::string& reader,
                                                              const std::string& group) const {
  const std::string text = value(positions_key(reader)).value_or("");
  return text.starts_with(fmt::format("group={}\n", group)) ? read_lines(text) : Positions();
}

std::vector<Record> state_records(const std::string& reader, std::string_view state, EventTime now) {
  std::vector<Record> records;
  std::string piece = fmt::format("{}\n", state.size());
  do {
    const std::size_t taken = std::min(state.size(), most_piece_bytes);
    piece += state.substr(0, taken);
    state.remove_prefix(taken);
    records.push_back({.key = piece_key(reader, records.size()), .value = std::move(piece), .ingested_at = now});
    piece.clear();
  } while (!state.empty());
  return records;
}

Record needed_record(const std::string& reader, const std::vector<std::pair<Topic, Position>>& needed, EventTime now) {
  return {.key = needed_key(reader), .value = lines_of(needed), .ingested_at = now};
}

Record positions_record(const std::string& reader, const std::string& group,
                        const std::vector<std::pair<Topic, Position>>& positions, EventTime now) {
  return {.key = positions_key(reader),
          .value = fmt::format("group={}\n{}", group, lines_of(positions)),
          .ingested_at = now};
}

}  // namespace tidemark
