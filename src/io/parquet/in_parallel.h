// Several pieces of work on several threads; the first error ends it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/result.h"

namespace tidemark {

// Calls work(0) … work(count − 1), each once, in this order of beginning; work gives Result<void>.
template <typename Work>
Result<void> in_parallel(std::size_t count, std::size_t threads, Work work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<Error> first;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      auto done = work(i);
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (!first) first = done.error();
      next = count;
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(count, threads); ++i) others.emplace_back(run);
  run();
  others.clear();
  if (first) return std::unexpected(*first);
  return {};
}

}  // namespace tidemark
