// The simulation's disks, in a kind world, are disks like any other.
#include "sim/sim_disk.h"

#include <memory>

#include "run/interfaces/disk_conformance_test.h"

namespace tidemark::sim {
namespace {

class SimDiskUnderTest final : public DiskUnderTest {
 public:
  explicit SimDiskUnderTest(DiskKind kind) : disk_(computer_, kind) { EXPECT_TRUE(disk_.make_folder("/lake")); }
  Disk& disk() override { return disk_; }
  std::string folder() const override { return "/lake"; }

 private:
  Computer computer_{1, {}, EventTime{}};
  SimDisk disk_;
};

}  // namespace
}  // namespace tidemark::sim

namespace tidemark {

INSTANTIATE_TEST_SUITE_P(
    Simulated, DiskConformance,
    testing::Values(MakeDiskUnderTest([] { return std::make_unique<sim::SimDiskUnderTest>(sim::DiskKind::Exchanges); }),
                    MakeDiskUnderTest([] { return std::make_unique<sim::SimDiskUnderTest>(sim::DiskKind::Renames); }),
                    MakeDiskUnderTest([] { return std::make_unique<sim::SimDiskUnderTest>(sim::DiskKind::Copies); })));

}  // namespace tidemark
