// libFuzzer's entry point to the one target in this program.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CHECK(tidemark::fuzz::targets().size() == 1);
  tidemark::fuzz::targets().front().run({reinterpret_cast<const char*>(data), size});
  return 0;
}
