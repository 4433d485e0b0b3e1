// The log without checksums and summaries, for ./dev bench checksums: a program that is linked with these definitions takes none of
// the library's files row_checksum, summary and summary_check. No checksum is computed, kept (SQLite stores a 0 in no bytes)
// or compared.
#include "io/embedded/row_checksum.h"
#include "io/embedded/summary.h"
#include "io/embedded/summary_check.h"

namespace tidemark {

RowChecksum::RowChecksum(std::string_view) {}
RowChecksum& RowChecksum::add(std::int64_t) { return *this; }
RowChecksum& RowChecksum::add(std::optional<std::int64_t>) { return *this; }
RowChecksum& RowChecksum::add(std::string_view) { return *this; }
std::uint32_t RowChecksum::value() const { return 0; }

std::uint32_t checksum_of(Topic, const RecordRow&) { return 0; }
std::uint32_t checksum_of_position(std::string_view, std::string_view, Position, std::optional<Position>) { return 0; }
std::uint32_t checksum_of_state(std::string_view, std::string_view) { return 0; }
std::uint32_t checksum_of_cursor(std::string_view, std::string_view) { return 0; }
std::uint32_t checksum_of_begin(std::string_view, Position, Position) { return 0; }

std::string to_text(const Summary&) { return {}; }
void KnownRows::put(std::string, std::uint32_t) {}
void KnownRows::forget() {}

Result<void> SummaryCheck::prepare(Connection&, const std::string&) { return {}; }
Result<Summary> SummaryCheck::compare() { return Summary{}; }

}  // namespace tidemark
