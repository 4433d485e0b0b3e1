#include "run/ingest_role.h"

namespace tidemark {
namespace {

constexpr std::size_t most_records = 4'096;  // a step of the log

}  // namespace

Result<void> IngestRole::open() {
  const auto cursor = log_.cursor(feed_.name());
  if (!cursor) return std::unexpected(cursor.error());
  return feed_.open(*cursor);
}

Result<std::size_t> IngestRole::do_work() {
  if (!pending_) {
    auto batch = feed_.poll(most_records);
    if (!batch) return std::unexpected(batch.error());
    if (!*batch) return 0;
    pending_ = std::move(**batch);
    const EventTime now = clock_.now();
    for (Record& record : pending_->records) record.ingested_at = now;
  }
  return flush();
}

Result<std::size_t> IngestRole::flush() {
  if (!pending_) return 0;
  if (auto done = log_.append(pending_->records, feed_.name(), pending_->cursor); !done)
    return std::unexpected(done.error());
  const std::size_t count = pending_->records.size();
  pending_.reset();
  analyze_.ring();
  return count;
}

}  // namespace tidemark
