// The files of a folder of any disk, for the tests of that disk.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "io/disk/posix_disk.h"

namespace tidemark {

class DiskFolderTest : public ::testing::Test {
 protected:
  std::string path(std::string_view name) const { return folder + "/" + std::string(name); }
  void write(std::string_view name, std::string_view bytes) const {
    const auto file = disk->create(path(name));
    ASSERT_TRUE(file) << file.error().message();
    ASSERT_TRUE((*file)->append(bytes));
    const auto synced = (*file)->sync();
    ASSERT_TRUE(synced) << synced.error().message();
  }
  // Or why it cannot be read.
  std::string bytes_of(std::string_view name) const {
    const auto reader = disk->open(path(name));
    if (!reader) return reader.error().message();
    std::string bytes((*reader)->size(), '-');
    const auto read = (*reader)->read(0, bytes);
    return read ? bytes.substr(0, *read) : read.error().message();
  }

  std::unique_ptr<Disk> local = make_posix_disk(), disk;
  std::string folder;  // on `disk`
};

}  // namespace tidemark
