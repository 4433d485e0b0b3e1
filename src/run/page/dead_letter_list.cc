#include "run/page/dead_letter_list.h"

#include <fmt/format.h>

#include <iterator>

#include "core/time/timestamp.h"

namespace tidemark {

Result<std::string> newest_letters(Log& log, std::size_t limit, std::size_t most_bytes) {
  const auto letters = log.tail(Topic::DeadLetters, limit);
  if (!letters) return std::unexpected(letters.error());
  std::string json = R"({"dead_letters":[)";
  for (std::size_t i = letters->size(); i-- > 0;) {
    const Batch::View letter = (*letters)[i];
    const bool is_first = i + 1 == letters->size();
    if (!is_first && json.size() + letter.value.size() > most_bytes) break;
    if (!is_first) json += ',';
    fmt::format_to(std::back_inserter(json), R"({{"offset":{},"received_at":"{}","letter":{}}})", letter.position,
                   format_timestamp(letter.ingested_at), letter.value);
  }
  json += "]}";
  return json;
}

}  // namespace tidemark
