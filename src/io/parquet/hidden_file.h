// A file that nobody sees before it is whole: written under a hidden name, made durable, then shown by one rename.
//
//     create ──▶ append … ──▶ make_durable ──▶ show ──▶ Disk::sync_folder
//                                   kill -9 before `show`: only a hidden leftover stays
//
// Only this room uses it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "run/disk.h"

namespace tidemark {

class HiddenFile {
 public:
  // `path` is the name it will be shown under; its folder exists. A leftover is overwritten.
  static Result<HiddenFile> create(Disk& disk, const std::string& path);
  HiddenFile(HiddenFile&& other) noexcept;
  HiddenFile& operator=(HiddenFile&&) = delete;
  ~HiddenFile();  // takes away what was not shown

  Result<void> append(std::string_view bytes);
  Result<void> make_durable();  // its bytes survive a power cut; nothing can be appended any more
  Result<void> show();          // replaces what had the name

 private:
  HiddenFile(Disk& disk, std::string path);
  Result<void> flush();

  Disk* disk_;
  std::string path_, hidden_;
  std::unique_ptr<DiskFile> file_;  // until it is durable
  bool is_hidden_ = false;
  std::string buffer_;
};

// Removes the leftovers of killed processes in the folder itself.
Result<void> remove_hidden_files(Disk& disk, const std::string& folder);

}  // namespace tidemark
