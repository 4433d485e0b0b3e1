// CRC-32C (Castagnoli's polynomial, RFC 3720 B.4): most rows by the processor's instructions for it. Long ones, and processors
// without them, go through ISA-L, which is made for megabytes: it takes 60 ns before it begins, and 290 ns for 4 kB.
#include "io/embedded/row_checksum.h"

#include <isa-l/crc.h>

#include <array>
#include <bit>
#include <cstring>
#if defined(__x86_64__)
#include <nmmintrin.h>
#include <wmmintrin.h>
#endif

namespace tidemark {
namespace {

#if defined(__x86_64__)
constexpr std::size_t most_by_instruction = 8'192, least_in_lanes = 72;
constexpr std::size_t most_words_in_lane = most_by_instruction / 24;

// [n]: x^(64 n - 33) modulo the polynomial, bits reflected. A carry-less product with it, reduced by the instruction, which gives
// the missing x^33, moves a checksum over n words of zeros.
constexpr auto over_words = [] {
  std::array<std::uint32_t, 2 * most_words_in_lane + 1> powers{};
  std::uint32_t power = 1;  // x^31
  for (std::size_t words = 1; words < powers.size(); ++words) {
    powers[words] = power;
    for (int bit = 0; bit < 64; ++bit) power = power >> 1 ^ ((power & 1) != 0 ? 0x82f63b78 : 0);
  }
  return powers;
}();

template <typename Word>
Word word_at(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t state, const char* bytes,
                                                               std::size_t size) {
  std::uint64_t wide = state;
  for (; size >= sizeof wide; bytes += sizeof wide, size -= sizeof wide)
    wide = _mm_crc32_u64(wide, word_at<std::uint64_t>(bytes));
  state = static_cast<std::uint32_t>(wide);
  if ((size & 4) != 0) state = _mm_crc32_u32(state, word_at<std::uint32_t>(bytes)), bytes += 4;
  if ((size & 2) != 0) state = _mm_crc32_u16(state, word_at<std::uint16_t>(bytes)), bytes += 2;
  if ((size & 1) != 0) state = _mm_crc32_u8(state, word_at<std::uint8_t>(bytes));
  return state;
}

__attribute__((target("pclmul"))) std::uint64_t product(std::uint64_t a, std::uint32_t b) {
  const __m128i wide =
      _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<std::int64_t>(a)), _mm_cvtsi32_si128(static_cast<int>(b)), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(wide));
}

// The instruction takes three cycles, and one can begin in each: so three parts go side by side.
__attribute__((target("sse4.2,pclmul"))) std::uint32_t in_lanes(std::uint32_t state, const char* bytes,
                                                                std::size_t size) {
  const std::size_t words = size / 24, lane = words * 8;
  std::uint64_t first = state, second = 0, third = 0;
  for (const char* const end = bytes + lane; bytes < end; bytes += 8) {
    first = _mm_crc32_u64(first, word_at<std::uint64_t>(bytes));
    second = _mm_crc32_u64(second, word_at<std::uint64_t>(bytes + lane));
    third = _mm_crc32_u64(third, word_at<std::uint64_t>(bytes + 2 * lane));
  }
  const std::uint64_t moved = product(first, over_words[2 * words]) ^ product(second, over_words[words]);
  const auto joined = static_cast<std::uint32_t>(_mm_crc32_u64(0, moved) ^ third);
  return by_instruction(joined, bytes + 2 * lane, size - 3 * lane);
}

bool has_instruction() {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("pclmul") != 0;
  return has;
}
#endif

std::uint32_t extended(std::uint32_t state, const void* bytes, std::size_t size) {
#if defined(__x86_64__)
  if (size <= most_by_instruction && has_instruction())
    return (size < least_in_lanes ? by_instruction : in_lanes)(state, static_cast<const char*>(bytes), size);
#endif
  // The library only reads, though it does not say so.
  return crc32_iscsi(static_cast<unsigned char*>(const_cast<void*>(bytes)), static_cast<int>(size), state);
}

std::int64_t little_endian(std::int64_t number) {
  return std::endian::native == std::endian::little ? number : std::byteswap(number);
}

using Beginnings = std::array<std::array<std::uint32_t, record_kind_count>, topic_count>;

// Of every record of a table and a kind: the names of both, each with a zero byte behind it.
Beginnings make_beginnings() {
  Beginnings made{};
  for (const Topic topic : all_topics)
    for (std::size_t kind = 0; kind < record_kind_count; ++kind) {
      std::string names(to_string(topic));
      (names += '\0') += to_string(static_cast<RecordKind>(kind));
      names += '\0';
      made[static_cast<std::size_t>(topic)][kind] = extended(0xffffffff, names.data(), names.size());
    }
  return made;
}

}  // namespace

RowChecksum::RowChecksum(std::string_view table) { extend(table).extend(std::string_view("\0", 1)); }

RowChecksum& RowChecksum::extend(std::string_view bytes) {
  if (!bytes.empty()) state_ = extended(state_, bytes.data(), bytes.size());
  return *this;
}

RowChecksum& RowChecksum::add(std::int64_t number) {
  const std::int64_t bytes = little_endian(number);
  state_ = extended(state_, &bytes, sizeof bytes);
  return *this;
}

RowChecksum& RowChecksum::add(std::optional<std::int64_t> number) {
  return add(std::int64_t{number.has_value()}).add(number.value_or(0));
}

RowChecksum& RowChecksum::add(std::string_view bytes) {
  return add(static_cast<std::int64_t>(bytes.size())).extend(bytes);
}

std::uint32_t RowChecksum::value() const { return ~state_; }

std::uint32_t checksum_of(Topic topic, const RecordRow& row) {
  static const Beginnings beginnings = make_beginnings();
  const Batch::View& record = row.record;
  const std::array numbers = {little_endian(record.position),
                              little_endian(nanos_since_epoch(record.time)),
                              little_endian(nanos_since_epoch(record.ingested_at)),
                              little_endian(static_cast<std::int64_t>(record.bytes_in_all)),
                              little_endian(static_cast<std::int64_t>(record.key.size())),
                              little_endian(static_cast<std::int64_t>(record.value.size())),
                              little_endian(row.records)};
  std::uint32_t state = beginnings[static_cast<std::size_t>(topic)][static_cast<std::size_t>(record.kind)];
  // A row of one record has the checksum that it had before rows were shared.
  state = extended(state, numbers.data(), (numbers.size() - (row.is_shared ? 0 : 1)) * sizeof numbers[0]);
  if (!record.key.empty()) state = extended(state, record.key.data(), record.key.size());
  if (!record.value.empty()) state = extended(state, record.value.data(), record.value.size());
  return ~state;
}

std::uint32_t checksum_of_position(std::string_view reader, std::string_view topic, Position position,
                                   std::optional<Position> needed) {
  return RowChecksum("positions").add(reader).add(topic).add(position).add(needed).value();
}

std::uint32_t checksum_of_state(std::string_view reader, std::string_view state) {
  return RowChecksum("state").add(reader).add(state).value();
}

std::uint32_t checksum_of_cursor(std::string_view feed, std::string_view cursor) {
  return RowChecksum("feed_cursors").add(feed).add(cursor).value();
}

std::uint32_t checksum_of_begin(std::string_view topic, Position begins_at, Position covered_from) {
  return RowChecksum("topics").add(topic).add(begins_at).add(covered_from).value();
}

}  // namespace tidemark
