#include "sim/disk_rot.h"

#include <algorithm>

#include "core/simulator/random.h"

namespace tidemark::sim {

DiskRot::DiskRot(std::uint64_t seed, std::int64_t most, Computer& computer) : computer_(computer) {
  if (most == 0) return;
  Random random(seed);
  is_possible_ = true;
  flips_left_ = std::min(random.between(0, 5), most);
  steps_between_flips_ = random.between(5, 200);
  const std::int64_t one_in = random.between(0, 2) == 0 ? 0 : random.between(20, 500);
  computer_.fate.rot(one_in, std::min(random.between(1, 12), most));
  computer_.storage.remember();
}

bool DiskRot::has_struck() const {
  const auto& faults = computer_.fate.faults();
  return flips_ > 0 || faults[static_cast<std::size_t>(Fault::MisdirectedRead)] > 0 ||
         faults[static_cast<std::size_t>(Fault::StaleRead)] > 0;
}

std::string DiskRot::step() {
  Random& random = computer_.fate.rot_random();
  if (flips_left_ == 0 || random.between(0, steps_between_flips_ - 1) != 0) return {};
  std::string where = computer_.storage.flip_a_bit(random);
  if (where.empty()) return {};
  --flips_left_;
  ++flips_;
  return where;
}

}  // namespace tidemark::sim
