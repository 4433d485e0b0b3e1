#include "run/dead_letters/dead_letters.h"

#include <algorithm>

namespace tidemark {
namespace {

constexpr std::size_t most_letters = 4'096, most_near = 256;

Result<NumberedDeadLetter> to_letter(const Batch::View& record) {
  auto said = decode_dead_letter(record.value);
  if (!said)
    return std::unexpected(
        Error::permanent("the dead letter at offset " + std::to_string(record.position) + " of the log is damaged"));
  return NumberedDeadLetter{record.position, std::move(*said), std::string(record.value)};
}

bool is_chosen(const DeadLetterChoice& choice, const DeadLetter& said) {
  return (choice.reasons.empty() || choice.reasons.contains(said.reason)) &&
         (choice.fields.empty() || choice.fields.contains(said.field));
}

}  // namespace

Result<std::optional<DeadLetterBatch>> read_letters(Log& log, const DeadLetterChoice& choice, Position from) {
  from = std::max(from, choice.from);
  if (from >= choice.to) return std::nullopt;
  const auto batch = log.poll(Topic::DeadLetters, from, most_letters);
  if (!batch) return std::unexpected(batch.error());
  if (batch->empty() || (*batch)[0].position >= choice.to) return std::nullopt;
  DeadLetterBatch letters;
  letters.next = batch->next_position();
  for (std::size_t i = 0; i < batch->size() && (*batch)[i].position < choice.to; ++i) {
    const Batch::View record = (*batch)[i];
    if (choice.since && record.ingested_at < *choice.since) continue;
    auto letter = to_letter(record);
    if (!letter) return std::unexpected(letter.error());
    if (is_chosen(choice, letter->said)) letters.chosen.push_back(std::move(*letter));
  }
  return letters;
}

// Dead letters are in the order of their records, so a binary search finds them.
Result<std::optional<NumberedDeadLetter>> DeadLetterFinder::find(Position position) {
  if (auto found = find_near(position); !found || *found) return found;
  const auto begin = log_.begin(Topic::DeadLetters), end = log_.end(Topic::DeadLetters);
  if (!begin) return std::unexpected(begin.error());
  if (!end) return std::unexpected(end.error());
  Position first = *begin, last = *end;
  while (first < last) {
    const Position middle = first + (last - first) / 2;
    const auto letter = read(middle, 1);
    if (!letter) return std::unexpected(letter.error());
    // The log may be trimmed meanwhile. Trimmed dead letters were before all that remain.
    if (!letter->empty() && letter->front().said.position < position)
      first = middle + 1;
    else
      last = middle;
  }
  auto near = read(first, most_near);
  if (!near) return std::unexpected(near.error());
  near_ = std::move(*near);
  return find_near(position);
}

Result<std::optional<NumberedDeadLetter>> DeadLetterFinder::find_near(Position position) {
  const auto place =
      std::ranges::lower_bound(near_, position, {}, [](const NumberedDeadLetter& each) { return each.said.position; });
  if (place == near_.end() || place->said.position != position) return std::nullopt;
  return *place;
}

Result<std::vector<NumberedDeadLetter>> DeadLetterFinder::read(Position offset, std::size_t limit) {
  const auto batch = log_.poll(Topic::DeadLetters, offset, limit);
  if (!batch) return std::unexpected(batch.error());
  std::vector<NumberedDeadLetter> letters;
  for (std::size_t i = 0; i < batch->size(); ++i) {
    auto letter = to_letter((*batch)[i]);
    if (!letter) return std::unexpected(letter.error());
    letters.push_back(std::move(*letter));
  }
  return letters;
}

}  // namespace tidemark
