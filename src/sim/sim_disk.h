// The lake's Disk on a simulated computer.
#pragma once

#include <set>
#include <string>

#include "run/interfaces/disk.h"
#include "sim/computer.h"

namespace tidemark::sim {

class SimDisk final : public Disk {
 public:
  explicit SimDisk(Computer& computer) : computer_(computer) {}

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
  std::set<std::string> locked_;
};

}  // namespace tidemark::sim
