#include "core/stream/snapshot.h"

namespace tidemark {
namespace {

constexpr std::string_view magic = "TMSN";
constexpr std::size_t checksum_size = 8;

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

SnapshotWriter::SnapshotWriter() {
  bytes_ = magic;
  u32(snapshot_version);
}

void SnapshotWriter::wide(Int128 value) {
  const auto bits = static_cast<UInt128>(value);
  integer(static_cast<std::uint64_t>(bits), 8);
  integer(static_cast<std::uint64_t>(bits >> 64), 8);
}

void SnapshotWriter::optional_time(std::optional<EventTime> value) {
  byte(value ? 1 : 0);
  time(value.value_or(EventTime{}));
}

void SnapshotWriter::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  bytes_ += value;
}

std::string SnapshotWriter::finish() && {
  integer(fnv1a(bytes_), checksum_size);
  return std::move(bytes_);
}

void SnapshotWriter::integer(std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i, value >>= 8) bytes_.push_back(static_cast<char>(value & 0xff));
}

Result<SnapshotReader> SnapshotReader::open(std::string_view snapshot) {
  constexpr std::size_t head = magic.size() + 4;
  if (snapshot.size() < head + checksum_size || snapshot.substr(0, magic.size()) != magic)
    return std::unexpected(Error::permanent("the snapshot of the windows is damaged: its header is wrong"));
  SnapshotReader reader(snapshot.substr(magic.size()));
  reader.version_ = reader.u32();
  if (reader.version_ < oldest_snapshot_version || reader.version_ > snapshot_version)
    return std::unexpected(Error::permanent(
        "the snapshot of the windows has version " + std::to_string(reader.version_) + ", this program knows " +
        std::to_string(oldest_snapshot_version) + " to " + std::to_string(snapshot_version) +
        ": use the program that wrote it, or rebuild the state from the log"));
  const std::string_view body = snapshot.substr(0, snapshot.size() - checksum_size);
  if (fnv1a(body) != little_endian(snapshot.substr(body.size())))
    return std::unexpected(Error::permanent("the snapshot of the windows is damaged: its checksum is wrong"));
  reader.rest_ = body.substr(head);
  return reader;
}

Int128 SnapshotReader::wide() {
  const UInt128 low = integer(8);
  return static_cast<Int128>(low | static_cast<UInt128>(integer(8)) << 64);
}

std::optional<EventTime> SnapshotReader::optional_time() {
  const bool there = byte() == 1;
  const EventTime value = time();
  return there ? std::optional(value) : std::nullopt;
}

std::string_view SnapshotReader::text() {
  const std::size_t size = u32();
  if (size > rest_.size()) return ok_ = false, std::string_view{};
  const std::string_view value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

std::uint64_t SnapshotReader::integer(std::size_t bytes) {
  if (bytes > rest_.size()) return ok_ = false, 0;
  const std::uint64_t value = little_endian(rest_.substr(0, bytes));
  rest_.remove_prefix(bytes);
  return value;
}

}  // namespace tidemark
