#include "app/process/memory_limit.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "app/process/exit_code.h"
#include "app/process/last_words.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {
namespace {

constexpr std::uint64_t bytes_of_stack = 8 * 1'024 * 1'024;
constexpr std::size_t least_room = 48'000'000;
constexpr std::uint64_t allowance = 128 * 1'024 * 1'024;  // freed but not returned; mapped but not touched

// The bytes that count against RLIMIT_DATA now: "VmData: 12345 kB".
std::uint64_t data_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmData:")) return std::stoull(line.substr(7)) * 1'024;
  return 0;
}

}  // namespace

// Only addresses count for ulimit -v, so nothing is touched. It ends by _exit(), because libraries that got no memory
// while loading crash in exit().
void need_memory() {
  void* const room = ::mmap(nullptr, least_room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room != MAP_FAILED) {
    (void)::munmap(room, least_room);
    return;
  }
  constexpr std::string_view sentence =
      "tidemark: the process may have less than 48 MB more than its program and libraries take, which is too little "
      "for "
      "any work; raise its limit (ulimit -v)\n";
  [[maybe_unused]] const auto said = ::write(STDERR_FILENO, sentence.data(), sentence.size());
  ::_exit(exit_setup);
}

void limit_memory(std::string_view verb, std::uint64_t bytes, std::size_t threads) {
  bound_memory_of_parquet(bytes, "--memory");
  name_verb_in_last_words(verb);
  name_bound_in_last_words(fmt::format("--memory is {}", memory_text(bytes)));
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  const rlim_t wanted = data_bytes() + bytes + allowance + threads * bytes_of_stack;
  limit.rlim_cur = std::min(limit.rlim_cur, wanted);  // RLIM_INFINITY is the greatest
  (void)::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace tidemark
