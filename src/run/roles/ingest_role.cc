#include "run/roles/ingest_role.h"

#include <chrono>
#include <string>
#include <string_view>

#include "core/wire/decode.h"

namespace tidemark {
namespace {

constexpr std::size_t records_a_poll = 4'096;  // a step of the log
// Where the log keeps the limit that was written last, as if it were a feed.
constexpr std::string_view limit_cursor = "max-ahead";

}  // namespace

Result<void> IngestRole::open() {
  const auto cursor = log_.cursor(feed_.name());
  if (!cursor) return std::unexpected(cursor.error());
  if (auto limited = limit_ahead(); !limited) return limited;
  return feed_.open(*cursor);
}

// The limit is a record, so that whoever judges the log again judges alike; a start with the same one writes none.
Result<void> IngestRole::limit_ahead() {
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(max_ahead_).count();
  const auto in_force = log_.cursor(limit_cursor);
  if (!in_force) return std::unexpected(in_force.error());
  const std::string wanted = std::to_string(seconds);
  if (in_force->value_or("0") == wanted) return {};
  const Record record = limit_record(seconds, clock_.now());
  if (auto done = log_.append({&record, 1}, limit_cursor, wanted); !done) return done;
  analyze_.notify();
  return {};
}

Result<std::size_t> IngestRole::do_work() {
  if (!pending_) {
    auto batch = feed_.poll(records_a_poll);
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
  analyze_.notify();
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
