// HiddenFile: a file that is invisible until it is complete: written under a hidden name, made durable, then published
// by one rename.
//
//     create ──▶ append … ──▶ make_durable ──▶ show ──▶ sync_folder
//                                   kill -9 before `show` leaves only a hidden file
//
// The hidden file lies beside the day's folder, not in it, so that the day may be exchanged while the file is written.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "run/interfaces/disk.h"

namespace tidemark {

class HiddenFile {
 public:
  // `path` is the final name: <table>/<day>/<name>. A leftover is overwritten. `writer` becomes part of the hidden
  // name, if several processes may write the same file at once.
  static Result<HiddenFile> create(Disk& disk, const std::string& path, std::string_view writer = {});
  HiddenFile(HiddenFile&& other) noexcept;
  HiddenFile& operator=(HiddenFile&&) = delete;
  ~HiddenFile();  // removes a file that was not shown

  Result<void> append(std::string_view bytes) { return file_->append(bytes); }
  Result<void> make_durable();  // after it, nothing can be appended
  Result<void> show();          // replaces a file of the same name; the day's folder exists

 private:
  HiddenFile(Disk& disk, std::string path, std::string hidden)
      : disk_(&disk), path_(std::move(path)), hidden_(std::move(hidden)) {}

  Disk* disk_;
  std::string path_, hidden_;
  std::unique_ptr<DiskFile> file_;
  bool is_hidden_ = false;
};

// Removes hidden files that killed processes left in a table's folder, if `is_meant` is true for their final name,
// which is without the folder, or empty for a file that HiddenFile has not made.
Result<void> remove_hidden_files(Disk& disk, const std::string& table,
                                 const std::function<bool(std::string_view name)>& is_meant);

}  // namespace tidemark
