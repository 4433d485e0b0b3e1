// Runs independent pieces of work on several threads. The first error stops them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "core/result.h"
#include "io/parquet/memory_bound.h"

namespace tidemark {

// Turns exceptions that mean a limit of the process into errors.
template <typename Work>
Result<void> within_limits(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return std::unexpected(no_memory_left("what is done"));
  } catch (const std::system_error& limit) {
    return std::unexpected(Error::permanent(std::string("a limit of the system: ") + limit.what()));
  }
}

// If the system refuses threads, the existing ones do all of the work.
template <typename Work>
void start_threads(std::size_t count, std::vector<std::jthread>& threads, Work work) {
  try {
    threads.reserve(count);
    while (threads.size() < count) threads.emplace_back(work);
  } catch (const std::system_error&) {
  }
}

// Calls work(0) … work(count − 1) once each, starting them in this order. `work` returns Result<void>.
template <typename Work>
Result<void> in_parallel(std::size_t count, std::size_t threads, Work work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<Error> first;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      auto done = within_limits([&] { return work(i); });
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (!first) first = done.error();
      next = count;
    }
  };
  std::vector<std::jthread> others;
  start_threads(std::max<std::size_t>(std::min(count, threads), 1) - 1, others, run);
  run();
  others.clear();
  if (first) return std::unexpected(*first);
  return {};
}

}  // namespace tidemark
