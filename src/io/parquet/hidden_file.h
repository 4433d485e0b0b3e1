// A file that nobody sees before it is whole: written under a hidden name, made durable, then shown by one rename.
//
//     create ──▶ append … ──▶ make_durable ──▶ show ──▶ sync_folder
//                                   kill -9 before `show`: only a hidden leftover stays
//
// Only this room uses it. Errors name the path and the cure.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

class HiddenFile {
 public:
  // `path` is the name it will be shown under; its folder exists. A leftover is overwritten.
  static Result<HiddenFile> create(const std::filesystem::path& path);
  HiddenFile(HiddenFile&& other) noexcept;
  HiddenFile& operator=(HiddenFile&&) = delete;
  ~HiddenFile();  // takes away what was not shown

  Result<void> append(std::string_view bytes);
  Result<void> make_durable();  // its bytes survive a power cut; nothing can be appended any more
  Result<void> show();          // replaces what had the name

 private:
  explicit HiddenFile(std::filesystem::path path);
  Result<void> flush();

  std::filesystem::path path_, hidden_;
  int descriptor_ = -1;
  bool is_hidden_ = false;
  std::string buffer_;
};

// Makes the folder and its missing parents, durably.
Result<void> make_folder(const std::filesystem::path& folder);
// Makes the names in it survive a power cut.
Result<void> sync_folder(const std::filesystem::path& folder);
// Removes the leftovers of killed processes in the folder itself.
Result<void> remove_hidden_files(const std::filesystem::path& folder);

}  // namespace tidemark
