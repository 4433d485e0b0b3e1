#include "io/parquet/parquet_input.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <fmt/core.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <optional>

namespace tidemark {
namespace {

// Remembers the sentence that Arrow's status would lose.
class DiskInput final : public arrow::io::RandomAccessFile {
 public:
  explicit DiskInput(std::unique_ptr<DiskReader> file) : file_(std::move(file)) { set_mode(arrow::io::FileMode::READ); }

  arrow::Result<std::int64_t> GetSize() override { return static_cast<std::int64_t>(file_->size()); }
  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t size, void* out) override {
    const auto read =
        file_->read(static_cast<std::uint64_t>(position), {static_cast<char*>(out), static_cast<std::size_t>(size)});
    if (read) return static_cast<std::int64_t>(*read);
    error_ = read.error();
    return arrow::Status::IOError(error_->message());
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position, std::int64_t size) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(size, arrow::system_memory_pool()));
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
  std::int64_t position_ = 0;
  std::optional<Error> error_;
};

using Damaged = Error(const std::string& path, std::string_view why);

Error damaged_foreign_file(const std::string& path, std::string_view why) {
  return Error::permanent(fmt::format("{} is damaged: {}; get it again", path, why));
}

Result<void> read_any(const Disk& disk, const std::string& path, const std::shared_ptr<parquet::FileMetaData>& footer,
                      const std::function<void(parquet::ParquetFileReader& file)>& read, Damaged damaged) {
  auto opened = disk.open(path);
  if (!opened) return std::unexpected(opened.error());
  const auto input = std::make_shared<DiskInput>(std::move(*opened));
  try {
    parquet::ReaderProperties properties(arrow::system_memory_pool());
    properties.set_page_checksum_verification(true);
    const auto file = parquet::ParquetFileReader::Open(input, properties, footer);
    read(*file);
  } catch (const std::exception& problem) {
    if (input->error()) return std::unexpected(*input->error());
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
  return read_any(disk, path, footer, read, damaged_lake_file);
}

Result<void> read_foreign_parquet(const Disk& disk, const std::string& path,
                                  const std::shared_ptr<parquet::FileMetaData>& footer,
                                  const std::function<void(parquet::ParquetFileReader& file)>& read) {
  return read_any(disk, path, footer, read, damaged_foreign_file);
}

}  // namespace tidemark
