// The simulation's disk, in a kind world, is a disk like any other.
#include "sim/sim_disk.h"

#include <memory>

#include "run/interfaces/disk_conformance_test.h"

namespace tidemark::sim {
namespace {

class SimDiskUnderTest final : public DiskUnderTest {
 public:
  SimDiskUnderTest() { EXPECT_TRUE(disk_.make_folder("/lake")); }
  Disk& disk() override { return disk_; }
  std::string folder() const override { return "/lake"; }

 private:
  Computer computer_{1, {}, EventTime{}};
  SimDisk disk_{computer_};
};

}  // namespace
}  // namespace tidemark::sim

namespace tidemark {

INSTANTIATE_TEST_SUITE_P(Simulated, DiskConformance,
                         testing::Values(MakeDiskUnderTest([] { return std::make_unique<sim::SimDiskUnderTest>(); })));

}  // namespace tidemark
