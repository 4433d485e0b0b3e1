#include "io/parquet/hidden_file.h"

#include <fmt/core.h>

#include <utility>

#include "core/check.h"

namespace tidemark {
namespace {

constexpr std::string_view hidden_suffix = ".writing";

// a/b/c → a/.b.c.writing, of a writer: a/.b.c.writer.writing
std::string hidden_name(std::string_view path, std::string_view writer) {
  const std::size_t name = path.rfind('/'), folder = path.rfind('/', name - 1);
  return fmt::format("{}/.{}.{}{}{}{}", path.substr(0, folder), path.substr(folder + 1, name - folder - 1),
                     path.substr(name + 1), writer.empty() ? "" : ".", writer, hidden_suffix);
}

// The c of the above; empty where there is none.
std::string_view shown_name(std::string_view hidden) {
  constexpr std::string_view file_suffix = ".parquet";
  const std::size_t begin = hidden.find('.', 1), end = hidden.rfind(file_suffix);
  if (begin == hidden.npos || end == hidden.npos || end < begin) return {};
  return hidden.substr(begin + 1, end + file_suffix.size() - begin - 1);
}

}  // namespace

Result<HiddenFile> HiddenFile::create(Disk& disk, const std::string& path, std::string_view writer) {
  const bool renames = disk.abilities().can(DiskAbility::Rename);
  if (!renames && disk.abilities().file_appears != FileAppears::WhenSynced)
    return std::unexpected(lacking(disk, DiskAbility::Rename, path));
  HiddenFile hidden(disk, path, renames ? hidden_name(path, writer) : path);
  auto file = disk.create(hidden.hidden_);
  if (!file) return std::unexpected(file.error());
  hidden.file_ = std::move(*file);
  hidden.is_hidden_ = true;
  return hidden;
}

HiddenFile::HiddenFile(HiddenFile&& other) noexcept
    : disk_(other.disk_),
      path_(std::move(other.path_)),
      hidden_(std::move(other.hidden_)),
      file_(std::move(other.file_)),
      is_hidden_(std::exchange(other.is_hidden_, false)) {}

HiddenFile::~HiddenFile() {
  file_.reset();
  if (is_hidden_ && hidden_ != path_) (void)disk_->remove(hidden_);
}

Result<void> HiddenFile::make_durable() {
  if (hidden_ == path_) return {};
  auto synced = file_->sync();
  if (synced) file_.reset();
  return synced;
}

Result<void> HiddenFile::show() {
  CHECK(is_hidden_ && (hidden_ == path_) == (file_ != nullptr));
  auto shown = file_ ? file_->sync() : disk_->rename(hidden_, path_);
  file_.reset();
  if (shown) is_hidden_ = false;
  return shown;
}

Result<void> remove_hidden_files(Disk& disk, const std::string& table,
                                 const std::function<bool(std::string_view name)>& is_meant) {
  const auto names = disk.list(table);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names)
    if (name.starts_with('.') && name.ends_with(hidden_suffix) && is_meant(shown_name(name)))
      if (auto removed = disk.remove(fmt::format("{}/{}", table, name)); !removed) return removed;
  return {};
}

}  // namespace tidemark
