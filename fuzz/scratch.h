// A folder for the files of this process, removed when it ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/check.h"

namespace tidemark::fuzz {

class Scratch {
 public:
  Scratch() : folder_(std::filesystem::temp_directory_path() / "tidemark-fuzz-XXXXXX") {
    CHECK(::mkdtemp(folder_.data()) != nullptr);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  const std::string& folder() const { return folder_; }
  std::string write(std::string_view name, std::string_view bytes) const {
    const std::string path = folder_ + "/" + std::string(name);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
  }

 private:
  std::string folder_;
};

}  // namespace tidemark::fuzz
