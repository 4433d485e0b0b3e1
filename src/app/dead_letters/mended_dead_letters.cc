#include "app/dead_letters/mended_dead_letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/wire/base64.h"
#include "io/input/byte_source.h"
#include "io/net/json_value.h"
#include "run/dead_letters/dead_letters.h"

namespace tidemark {
namespace {

constexpr std::size_t most_bytes = 1'000'000'000;  // held in memory until all lines are checked

std::unexpected<Error> refused(std::string sentence) { return std::unexpected(Error::setup(std::move(sentence))); }

Result<std::string> read_whole(const std::string& file) {
  auto source = ByteSource::open(file);
  if (!source) return std::unexpected(source.error());
  std::string text;
  std::array<char, 65'536> piece{};
  for (;;) {
    const auto size = source->read(piece);
    if (!size) return std::unexpected(size.error());
    if (*size == 0) return text;
    text.append(piece.data(), *size);
    if (text.size() > most_bytes) return refused("there is more than 1 GB in it: give it in parts");
  }
}

Result<std::string> record_of(const JsonValue& said) {
  const JsonValue* const record = said.find("record");
  if (record && record->kind == JsonValue::Kind::String) return record->text;
  if (record && record->kind != JsonValue::Kind::Null)
    return refused("record must be a string, the record's own text (in jq: tojson)");
  const auto base64 = said.text_of("record_base64");
  const auto bytes = base64 ? parse_base64(*base64) : std::nullopt;
  if (!bytes) return refused("there is neither a record nor its record_base64");
  return *bytes;
}

Result<MendedDeadLetter> parse(std::string_view line, DeadLetterFinder& letters) {
  const auto said = parse_json(line);
  if (!said) return refused(said.error().message());
  const auto position = said->integer_of("position");
  if (!position) return refused("it is no dead letter: it has no position");
  const auto source = said->text_of("source");
  if (source != to_string(Topic::Bars))
    return refused(fmt::format("it is no dead letter of a log: its source is {}, not {}", source.value_or("missing"),
                               to_string(Topic::Bars)));
  auto letter = letters.find(*position);
  if (!letter) return std::unexpected(letter.error());
  if (!*letter) return refused(fmt::format("the log has no dead letter of position {}", *position));
  const DeadLetterReason why{(*letter)->said.reason, (*letter)->said.field};
  if (said->text_of("reason") != to_string(why.reason) || said->text_of("field") != why.field)
    return refused(fmt::format("the dead letter of position {} is another one in this log: {}", *position, why.text()));
  auto record = record_of(*said);
  if (!record) return std::unexpected(record.error());
  return MendedDeadLetter{.offset = (*letter)->offset,
                          .why = why,
                          .record = std::move(*record),
                          .is_cut = said->find("record_bytes") != nullptr};
}

}  // namespace

Result<std::vector<MendedDeadLetter>> read_mended_letters(const std::string& file, Log& log) {
  const auto text = read_whole(file);
  if (!text) return std::unexpected(text.error());
  DeadLetterFinder letters(log);
  std::vector<MendedDeadLetter> mended;
  std::size_t number = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    auto letter = parse(line, letters);
    if (!letter) return std::unexpected(letter.error().while_doing(fmt::format("{}, line {}", file, number)));
    letter->line = number;
    mended.push_back(std::move(*letter));
  }
  std::ranges::stable_sort(mended, {}, &MendedDeadLetter::offset);
  const auto twice = std::ranges::adjacent_find(mended, {}, &MendedDeadLetter::offset);
  if (twice != mended.end())
    return refused(fmt::format("{}, line {}: line {} says what is in place of the same dead letter", file,
                               std::next(twice)->line, twice->line));
  return mended;
}

}  // namespace tidemark
