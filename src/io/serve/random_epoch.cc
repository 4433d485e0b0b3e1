#include "io/serve/random_epoch.h"

#include <fmt/format.h>

#include <random>

namespace tidemark {

std::string random_epoch() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace tidemark
