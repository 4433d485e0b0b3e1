// The lake's Disk on a simulated computer.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "run/interfaces/disk.h"
#include "sim/computer.h"

namespace tidemark::sim {

// A file system of one machine; or one that can do less: as HDFS is, or as an object store is.
enum class DiskKind : std::uint8_t { Exchanges, Renames, Copies };

class SimDisk final : public Disk {
 public:
  explicit SimDisk(Computer& computer, DiskKind kind = DiskKind::Exchanges) : computer_(computer), kind_(kind) {}

  DiskAbilities abilities() const override;
  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override;
  Result<std::unique_ptr<DiskReader>> open(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& folder) const override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> exchange(const std::string& one, const std::string& other) override;
  Result<void> link(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& path) override;
  Result<void> remove_folder(const std::string& path) override;
  Result<void> make_folder(const std::string& path) override;
  Result<void> sync_folder(const std::string& path) override;
  Result<std::unique_ptr<DiskLock>> lock(const std::string& path, Wait wait) override;

 private:
  template <typename PostHandler>
  Result<void> change_names(const std::string& path, PostHandler act);

  Computer& computer_;
  DiskKind kind_;
  std::set<std::string> locked_;
};

}  // namespace tidemark::sim
