// A disk with fewer abilities, over one that has them all: as HDFS is, or as an object store is. So a test sees that callers
// ask.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "run/interfaces/disk.h"

namespace tidemark {

inline constexpr DiskAbilities abilities_like_hdfs =
    DiskAbilities{}
        .without(DiskAbility::Exchange, "HDFS has no call that exchanges two folders")
        .without(DiskAbility::Link, "HDFS has no second names")
        .without(DiskAbility::Lock, "HDFS has no locks");

inline constexpr DiskAbilities abilities_like_an_object_store = [] {
  DiskAbilities fewer = DiskAbilities{}
                            .without(DiskAbility::Rename, "an object keeps its name")
                            .without(DiskAbility::Exchange, "an object store has no folders")
                            .without(DiskAbility::Link, "an object has one name")
                            .without(DiskAbility::Lock, "an object store has no locks");
  fewer.file_appears = FileAppears::WhenSynced;
  return fewer;
}();

class PlainDisk final : public Disk {
 public:
  PlainDisk(Disk& disk, const DiskAbilities& abilities) : disk_(disk), abilities_(abilities) {}

  DiskAbilities abilities() const override { return abilities_; }

  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override {
    if (abilities_.file_appears == FileAppears::WhenCreated) return disk_.create(path);
    return std::make_unique<Upload>(disk_, path);
  }
  Result<std::unique_ptr<DiskReader>> open(const std::string& path) const override { return disk_.open(path); }
  Result<std::vector<std::string>> list(const std::string& folder) const override { return disk_.list(folder); }
  Result<void> rename(const std::string& from, const std::string& to) override {
    if (auto can = require(*this, {DiskAbility::Rename}, to); !can) return can;
    return disk_.rename(from, to);
  }
  Result<void> exchange(const std::string& one, const std::string& other) override {
    if (auto can = require(*this, {DiskAbility::Exchange}, other); !can) return can;
    return disk_.exchange(one, other);
  }
  Result<void> link(const std::string& from, const std::string& to) override {
    if (auto can = require(*this, {DiskAbility::Link}, to); !can) return can;
    return disk_.link(from, to);
  }
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) override {
    if (auto can = require(*this, {DiskAbility::Lock}, path); !can) return std::unexpected(can.error());
    return disk_.lock(path, wait);
  }
  Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  Result<void> remove_folder(const std::string& path) override { return disk_.remove_folder(path); }
  Result<void> make_folder(const std::string& path) override { return disk_.make_folder(path); }
  Result<void> sync_folder(const std::string& path) override { return disk_.sync_folder(path); }

 private:
  // Holds the bytes until they are complete.
  class Upload final : public DiskFile {
   public:
    Upload(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
    Result<void> append(std::string_view bytes) override {
      bytes_ += bytes;
      return {};
    }
    Result<void> sync() override {
      const auto file = disk_.create(path_);
      if (!file) return std::unexpected(file.error());
      if (auto written = (*file)->append(bytes_); !written) return written;
      return (*file)->sync();
    }

   private:
    Disk& disk_;
    std::string path_, bytes_;
  };

  Disk& disk_;
  DiskAbilities abilities_;
};

}  // namespace tidemark
