#include "sim/misreading.h"

namespace tidemark::sim {
namespace {

constexpr std::size_t wal_frame_header = 24;  // a page of the WAL is so much further than the one before it

}  // namespace

void misread(Computer& computer, const Storage::Node& file, std::size_t offset, std::span<char> bytes) {
  if (bytes.empty()) return;
  switch (computer.fate.misread()) {
    case Fate::Misreading::None:
      return;
    case Fate::Misreading::Stale:
      if (Storage::read_former(file, offset, bytes)) return;
      break;  // nothing was there before
    case Fate::Misreading::Misdirected:
      break;
  }
  // From as far away as so many such reads are: a page of a database is taken for another page of it.
  Random& random = computer.fate.rot_random();
  const std::size_t stride = bytes.size() + (random.between(0, 1) == 0 ? 0 : wal_frame_header);
  const std::size_t first = offset % stride;
  if (file.bytes.size() < first + bytes.size()) return;
  const std::size_t places = (file.bytes.size() - first - bytes.size()) / stride + 1;
  const auto place = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(places) - 1));
  file.bytes.copy(bytes.data(), bytes.size(), first + place * stride);
}

}  // namespace tidemark::sim
