// The in-memory log keeps the promises of a log, so results with it hold for every log.
#include "run/roles/role_rig_test.h"

#include "run/interfaces/log_conformance_test.h"

namespace tidemark {
namespace {

class MemoryLogUnderTest : public LogUnderTest {
 public:
  Log& log() override { return log_; }
  void reopen() override {}  // its storage is its memory

 private:
  Fate fate_;
  MemoryLog log_{fate_};
};

INSTANTIATE_TEST_SUITE_P(Memory, LogConformance,
                         testing::Values([] { return std::make_unique<MemoryLogUnderTest>(); }));

}  // namespace
}  // namespace tidemark
