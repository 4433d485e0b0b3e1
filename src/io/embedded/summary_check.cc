#include "io/embedded/summary_check.h"

#include <fmt/format.h>

#include "io/embedded/schema.h"
#include "run/interfaces/log.h"

namespace tidemark {
namespace {

// What is there: the sum of the checksums, and each topic's end.
std::string question_of_what_is_there() {
  std::string sql = "SELECT 0";
  for (const char* const table : {"positions", "state", "feed_cursors", "topics"})
    sql += fmt::format(" + (SELECT coalesce(sum(crc32c), 0) FROM {})", table);
  for (const Topic topic : all_topics) sql += fmt::format(", ({})", end_of_topic(topic));
  return sql;
}

}  // namespace

Result<void> SummaryCheck::prepare(Connection& connection, const std::string& path) {
  path_ = path;
  Preparing prepare(connection);
  prepare.into(
      summaries_,
      "SELECT 'summary', number, summary FROM summary UNION ALL "
      "SELECT 'positions', reader || ', ' || topic, summary FROM positions WHERE summary IS NOT NULL UNION ALL "
      "SELECT 'feed_cursors', feed, summary FROM feed_cursors WHERE summary IS NOT NULL");
  prepare.into(found_, question_of_what_is_there());
  return prepare.outcome();
}

Result<Summary> SummaryCheck::latest() {
  const Resetting resetting(*summaries_);
  std::optional<Summary> latest;
  for (;;) {
    const Result<bool> row = summaries_->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const auto summary = parse_summary(summaries_->bytes(2));
    if (!summary)
      return std::unexpected(damaged_log(
          path_, fmt::format("the summary in the row \"{}\" of table {} is not what was written: its checksum is that "
                             "of another",
                             summaries_->bytes(1), summaries_->bytes(0))));
    if (!latest || summary->sequence > latest->sequence) latest = summary;
  }
  if (latest) return *latest;
  return std::unexpected(damaged_log(path_, "its table summary has no row"));
}

Result<Summary> SummaryCheck::compare() {
  const Result<Summary> summary = latest();
  if (!summary) return summary;
  const Resetting resetting(*found_);
  const Result<bool> row = found_->step();
  if (!row) return std::unexpected(row.error());
  for (const Topic topic : all_topics) {
    const Position end = found_->integer(static_cast<int>(topic) + 1);
    const Position left = summary->ends[static_cast<std::size_t>(topic)];
    if (end != left)
      return std::unexpected(damaged_log(
          path_, fmt::format("table {} has its end at offset {}, and the last transaction left it at {}: one "
                             "of both is older than the other",
                             to_string(topic), end, left)));
  }
  if (found_->integer(0) != summary->known)
    return std::unexpected(damaged_log(
        path_,
        "its tables positions, state, feed_cursors and topics are not those that the last transaction left: some of "
        "their rows are changed, or older than the others"));
  return *summary;
}

}  // namespace tidemark
