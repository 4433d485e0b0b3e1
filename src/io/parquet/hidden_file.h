// A file that nobody sees before it is whole: written under a hidden name, made durable, then shown by one rename.
//
//     create ──▶ append … ──▶ make_durable ──▶ show ──▶ sync_folder
//                                   kill -9 before `show`: only a hidden leftover stays
//
// The hidden name stands beside the day's folder, not in it, so that a day may be exchanged while a file is written.
//
// A disk that cannot rename shows a file when its writing ends (FileAppears::WhenSynced). There the file is written under
// its own name, and made durable by being shown.
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
  // `path` is the name it will be shown under: <table>/<day>/<name>. A leftover is overwritten; `writer` goes into the
  // hidden name where others may write a file of the same name at the same time.
  static Result<HiddenFile> create(Disk& disk, const std::string& path, std::string_view writer = {});
  HiddenFile(HiddenFile&& other) noexcept;
  HiddenFile& operator=(HiddenFile&&) = delete;
  ~HiddenFile();  // takes away what was not shown

  Result<void> append(std::string_view bytes) { return file_->append(bytes); }
  Result<void> make_durable();  // its bytes survive a power cut, if they may be shown; nothing can be appended any more
  Result<void> show();          // replaces what had the name; the day's folder is there

 private:
  HiddenFile(Disk& disk, std::string path, std::string hidden)
      : disk_(&disk), path_(std::move(path)), hidden_(std::move(hidden)) {}

  Disk* disk_;
  std::string path_, hidden_;
  std::unique_ptr<DiskFile> file_;
  bool is_hidden_ = false;
};

// Removes what killed processes left in a table's folder, of the files that are meant: by the name they would have been
// shown under, without its folder; empty for what no HiddenFile has made.
Result<void> remove_hidden_files(Disk& disk, const std::string& table,
                                 const std::function<bool(std::string_view name)>& is_meant);

}  // namespace tidemark
