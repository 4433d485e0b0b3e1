#include "io/parquet/parquet_input.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <fmt/core.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <algorithm>
#include <array>
#include <optional>

#include "io/parquet/memory_bound.h"

namespace tidemark {
namespace {

// Keeps the original error, which Arrow's status would lose.
class DiskInput final : public arrow::io::RandomAccessFile {
 public:
  DiskInput(std::unique_ptr<DiskReader> file, arrow::MemoryPool* pool) : file_(std::move(file)), pool_(pool) {
    set_mode(arrow::io::FileMode::READ);
  }

  arrow::Result<std::int64_t> GetSize() override { return static_cast<std::int64_t>(file_->size()); }
  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t size, void* out) override {
    const auto read =
        file_->read(static_cast<std::uint64_t>(position), {static_cast<char*>(out), static_cast<std::size_t>(size)});
    if (read) return static_cast<std::int64_t>(*read);
    error_ = read.error();
    return arrow::Status::IOError(error_->message());
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position, std::int64_t size) override {
    // A footer may claim any size.
    const std::int64_t there = std::max<std::int64_t>(0, static_cast<std::int64_t>(file_->size()) - position);
    size = std::clamp<std::int64_t>(size, 0, there);
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(size, pool_));
    ARROW_ASSIGN_OR_RAISE(const auto read, ReadAt(position, size, buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(read, false));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }
  arrow::Result<std::int64_t> Read(std::int64_t size, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const auto read, ReadAt(position_, size, out));
    position_ += read;
    return read;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t size) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, size));
    position_ += buffer->size();
    return buffer;
  }
  arrow::Status Seek(std::int64_t position) override {
    position_ = position;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Close() override { return arrow::Status::OK(); }
  bool closed() const override { return false; }

  const std::optional<Error>& error() const { return error_; }

 private:
  std::unique_ptr<DiskReader> file_;
  arrow::MemoryPool* pool_;
  std::int64_t position_ = 0;
  std::optional<Error> error_;
};

constexpr std::uint64_t tail_bytes = 8;         // the footer's length and the magic
constexpr std::uint64_t footer_grows = 20;      // a parsed footer takes at least this many times its size
constexpr std::int32_t most_elements = 20'000;  // of a list in a footer; elements of the schema nest
constexpr std::int32_t most_text_bytes = 16'000'000;
constexpr std::int64_t stream_buffer_bytes = 1'000'000;

// Checks the size before Parquet reads the whole footer.
Result<void> check_footer_size(const DiskReader& file, const std::string& path) {
  std::array<char, 4> size{};
  if (file.size() < tail_bytes) return {};
  const auto read = file.read(file.size() - tail_bytes, size);
  if (!read || *read < size.size()) return {};  // Parquet's own read will report it
  std::uint64_t bytes = 0;
  for (std::size_t i = size.size(); i-- > 0;) bytes = bytes << 8 | static_cast<std::uint8_t>(size[i]);
  bytes = std::min(bytes, file.size());
  if (bytes * footer_grows <= memory_bound_of_parquet()) return {};
  return std::unexpected(does_not_fit(path + ": its footer", bytes * footer_grows));
}

using Damaged = Error(const std::string& path, std::string_view why);

Error damaged_foreign_file(const std::string& path, std::string_view why) {
  return Error::permanent(fmt::format("{} is damaged: {}; get it again", path, why));
}

Result<void> read_any(const Disk& disk, const std::string& path, const std::shared_ptr<parquet::FileMetaData>& footer,
                      const std::function<void(parquet::ParquetFileReader& file)>& read,
                      parquet::ReaderProperties properties, Damaged damaged) {
  auto opened = disk.open(path);
  if (!opened) return std::unexpected(opened.error());
  if (!footer)
    if (auto fits = check_footer_size(**opened, path); !fits) return fits;
  const auto input = std::make_shared<DiskInput>(std::move(*opened), properties.memory_pool());
  const std::uint64_t failed_before = failed_allocations();
  try {
    properties.set_page_checksum_verification(true);
    properties.set_thrift_container_size_limit(most_elements);
    properties.set_thrift_string_size_limit(most_text_bytes);
    const auto file = parquet::ParquetFileReader::Open(input, properties, footer);
    read(*file);
  } catch (const std::exception& problem) {
    if (input->error()) return std::unexpected(*input->error());
    if (auto shortage = shortage_of(problem, failed_before)) return std::unexpected(shortage->while_doing(path));
    return std::unexpected(damaged(path, problem.what()));
  }
  return {};
}

}  // namespace

Error damaged_lake_file(const std::string& path, std::string_view why) {
  return Error::permanent(fmt::format(
      "{} is damaged: {}; `tidemark verify --repair` moves it away and makes again what can be made, or bring it back "
      "from a backup",
      path, why));
}

Result<void> read_parquet(const Disk& disk, const std::string& path,
                          const std::shared_ptr<parquet::FileMetaData>& footer,
                          const std::function<void(parquet::ParquetFileReader& file)>& read) {
  return read_any(disk, path, footer, read, parquet::ReaderProperties(lake_memory_pool()), damaged_lake_file);
}

Result<void> read_foreign_parquet(const Disk& disk, const std::string& path,
                                  const std::shared_ptr<parquet::FileMetaData>& footer,
                                  const std::function<void(parquet::ParquetFileReader& file)>& read) {
  parquet::ReaderProperties properties(parquet_memory_pool());
  properties.enable_buffered_stream();  // a row group may be of any size
  properties.set_buffer_size(stream_buffer_bytes);
  return read_any(disk, path, footer, read, properties, damaged_foreign_file);
}

}  // namespace tidemark
