#include "io/parquet/hidden_file.h"

#include <fmt/core.h>

#include <utility>

#include "core/check.h"

namespace tidemark {
namespace {

constexpr std::string_view hidden_suffix = ".writing";
constexpr std::size_t buffer_size = 64 * 1024;

std::string hidden_name(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  return fmt::format("{}.{}{}", path.substr(0, name), path.substr(name), hidden_suffix);
}

bool is_hidden_name(const std::string& name) { return name.starts_with('.') && name.ends_with(hidden_suffix); }

}  // namespace

HiddenFile::HiddenFile(Disk& disk, std::string path)
    : disk_(&disk), path_(std::move(path)), hidden_(hidden_name(path_)) {}

HiddenFile::HiddenFile(HiddenFile&& other) noexcept
    : disk_(other.disk_),
      path_(std::move(other.path_)),
      hidden_(std::move(other.hidden_)),
      file_(std::move(other.file_)),
      is_hidden_(std::exchange(other.is_hidden_, false)),
      buffer_(std::move(other.buffer_)) {}

HiddenFile::~HiddenFile() {
  file_.reset();
  if (is_hidden_) (void)disk_->remove(hidden_);
}

Result<HiddenFile> HiddenFile::create(Disk& disk, const std::string& path) {
  HiddenFile file{disk, path};
  auto created = disk.create(file.hidden_);
  if (!created) return std::unexpected(created.error());
  file.file_ = std::move(*created);
  file.is_hidden_ = true;
  file.buffer_.reserve(buffer_size);
  return file;
}

Result<void> HiddenFile::append(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() < buffer_size) return {};
  return flush();
}

Result<void> HiddenFile::flush() {
  CHECK(file_);
  if (auto written = file_->append(buffer_); !written) return written;
  buffer_.clear();
  return {};
}

Result<void> HiddenFile::make_durable() {
  if (auto flushed = flush(); !flushed) return flushed;
  if (auto synced = file_->sync(); !synced) return synced;
  file_.reset();
  buffer_ = {};
  return {};
}

Result<void> HiddenFile::show() {
  CHECK(is_hidden_ && !file_);
  if (auto shown = disk_->rename(hidden_, path_); !shown) return shown;
  is_hidden_ = false;
  return {};
}

Result<void> remove_hidden_files(Disk& disk, const std::string& folder) {
  const auto names = disk.list(folder);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (!is_hidden_name(name)) continue;
    if (auto removed = disk.remove(fmt::format("{}/{}", folder, name)); !removed) return removed;
  }
  return {};
}

}  // namespace tidemark
