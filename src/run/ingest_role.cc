#include "run/ingest_role.h"

#include "core/wire/decode.h"

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
  look_for_rejects();
  pending_.reset();
  analyze_.ring();
  return count;
}

// A record without a key is a heartbeat, or no bar.
void IngestRole::look_for_rejects() {
  Decoder decoder;
  for (const Record& record : pending_->records) {
    ++brought_;
    if (record.kind != RecordKind::Data || !record.key.empty()) continue;
    const Decoded decoded = decoder.decode(record.value);
    if (const auto* const reject = std::get_if<Reject>(&decoded))
      left_out_.rejected(*reject, {feed_.name(), brought_}, record.value);
  }
}

}  // namespace tidemark
