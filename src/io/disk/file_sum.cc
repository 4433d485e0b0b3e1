#include "io/disk/file_sum.h"

#include <zlib.h>

#include <string_view>
#include <vector>

namespace tidemark {
namespace {

constexpr std::size_t piece_size = 1 << 20;

void add(std::string_view bytes, FileSum& sum) {
  sum.bytes += bytes.size();
  sum.crc = static_cast<std::uint32_t>(
      ::crc32_z(sum.crc, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

// Passes the file to `take`, piece by piece.
template <typename Take>
Result<FileSum> read_through(const Disk& disk, const std::string& path, const FileWatch& watch, Take take) {
  const auto file = disk.open(path);
  if (!file) return std::unexpected(file.error());
  std::vector<char> piece(piece_size);
  FileSum sum;
  while (true) {
    const auto size = (*file)->read(sum.bytes, piece);
    if (!size) return std::unexpected(size.error());
    if (*size == 0) return sum;
    const std::string_view bytes(piece.data(), *size);
    add(bytes, sum);
    if (Result<void> taken = take(bytes); !taken) return std::unexpected(taken.error());
    if (!watch(*size)) return std::unexpected(Error::permanent("interrupted"));
  }
}

}  // namespace

Result<FileSum> sum_of_file(const Disk& disk, const std::string& path, const FileWatch& watch) {
  return read_through(disk, path, watch, [](std::string_view) { return Result<void>(); });
}

FileSum sum_of_bytes(std::string_view bytes) {
  FileSum sum;
  add(bytes, sum);
  return sum;
}

Result<FileSum> copy_file(Disk& disk, const std::string& from, const std::string& to, const FileWatch& watch) {
  return copy_file(disk, from, disk, to, watch);
}

Result<FileSum> copy_file(const Disk& disk, const std::string& from, Disk& to_disk, const std::string& to,
                          const FileWatch& watch) {
  const auto copy = to_disk.create(to);
  if (!copy) return std::unexpected(copy.error());
  auto sum = read_through(disk, from, watch, [&](std::string_view bytes) { return (*copy)->append(bytes); });
  if (!sum) return sum;
  if (auto synced = (*copy)->sync(); !synced) return std::unexpected(synced.error());
  return sum;
}

}  // namespace tidemark
