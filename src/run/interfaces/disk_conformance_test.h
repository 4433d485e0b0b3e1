// What every Disk must do, wherever its files are: the suite DiskConformance, to be instantiated beside each
// implementation with a way to make an empty disk. What a disk says it lacks must be refused with its reason, and change
// nothing.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "run/interfaces/disk.h"

namespace tidemark {

// A disk with an empty folder, which goes away with it.
class DiskUnderTest {
 public:
  virtual ~DiskUnderTest() = default;
  virtual Disk& disk() = 0;
  virtual std::string folder() const = 0;
};

using MakeDiskUnderTest = std::function<std::unique_ptr<DiskUnderTest>()>;

class DiskConformance : public testing::TestWithParam<MakeDiskUnderTest> {
 protected:
  Disk& disk() { return under_test_->disk(); }
  std::string path(std::string_view name) const { return under_test_->folder() + "/" + std::string(name); }
  bool can(DiskAbility ability) { return disk().abilities().can(ability); }

  void write(std::string_view name, std::string_view bytes);
  std::string bytes_of(std::string_view name);
  std::vector<std::string> names_in(std::string_view folder);
  // Whether the error is the one that tells of a missing ability.
  void expect_lacking(DiskAbility ability, const Error& error);

 private:
  std::unique_ptr<DiskUnderTest> under_test_ = GetParam()();
};

}  // namespace tidemark
