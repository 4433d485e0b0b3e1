// How a world ends early. Thrown within the simulation only, from the place that sees it to run_world().
#pragma once

#include <string>

namespace tidemark::sim {

// A promise was broken.
struct Violation {
  std::string sentence;
};

// The program has reported damage on a disk that rots. That is allowed; what can still be read must be right.
struct DamageReported {
  std::string sentence;
};

}  // namespace tidemark::sim
