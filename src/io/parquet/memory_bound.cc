#include "io/parquet/memory_bound.h"

#include <arrow/memory_pool.h>
#include <arrow/status.h>
#include <fmt/format.h>
#include <parquet/exception.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <new>
#include <utility>

namespace tidemark {
namespace {

constexpr std::string_view of_a_page = "a page";

// The limit of the process's cgroup (version 2 only), which is a number or "max".
std::optional<std::uint64_t> cgroup_limit() {
  std::string group, limit;
  std::ifstream of_process("/proc/self/cgroup");
  while (std::getline(of_process, group) && !group.starts_with("0::")) {
  }
  if (!group.starts_with("0::")) return std::nullopt;
  std::ifstream("/sys/fs/cgroup" + group.substr(3) + "/memory.max") >> limit;
  std::uint64_t bytes = 0;
  const auto end = std::from_chars(limit.data(), limit.data() + limit.size(), bytes).ptr;
  return limit.empty() || end != limit.data() + limit.size() ? std::nullopt : std::optional(bytes);
}

// The default bound: half of the memory of the machine or of the process's cgroup, but at least 1 GB.
std::uint64_t half_of_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), page_bytes = ::sysconf(_SC_PAGESIZE);
  const std::uint64_t machine =
      pages > 0 && page_bytes > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) : 0;
  return std::max(default_memory_bytes, std::min(machine, cgroup_limit().value_or(machine)) / 2);
}

// Arrow's own capped pool can be exceeded by several threads together, and its cap cannot be changed.
class CappedPool final : public arrow::MemoryPool {
 public:
  using MemoryPool::Allocate;
  using MemoryPool::Free;
  using MemoryPool::Reallocate;

  arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override {
    ARROW_RETURN_NOT_OK(take(size));
    auto done = system_->Allocate(size, alignment, out);
    if (!done.ok()) held_ -= size;
    return done;
  }
  arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                           std::uint8_t** bytes) override {
    // The old and the new buffer exist at once while they are copied.
    ARROW_RETURN_NOT_OK(take(new_size));
    auto done = system_->Reallocate(old_size, new_size, alignment, bytes);
    held_ -= done.ok() ? old_size : new_size;
    return done;
  }
  void Free(std::uint8_t* buffer, std::int64_t size, std::int64_t alignment) override {
    system_->Free(buffer, size, alignment);
    held_ -= size;
  }
  void ReleaseUnused() override { system_->ReleaseUnused(); }
  std::int64_t bytes_allocated() const override { return held_; }
  std::int64_t total_bytes_allocated() const override { return system_->total_bytes_allocated(); }
  std::int64_t num_allocations() const override { return system_->num_allocations(); }
  std::string backend_name() const override { return system_->backend_name(); }

  void cap_at(std::uint64_t bytes) { cap_ = static_cast<std::int64_t>(bytes); }
  std::uint64_t cap() const { return static_cast<std::uint64_t>(cap_.load()); }

 private:
  arrow::Status take(std::int64_t size) {
    const std::int64_t held = held_ += size;
    if (held <= cap_) return arrow::Status::OK();
    held_ -= size;
    return arrow::Status::OutOfMemory(does_not_fit(of_a_page, static_cast<std::uint64_t>(held)).message());
  }

  arrow::MemoryPool* system_ = arrow::system_memory_pool();
  std::atomic<std::int64_t> held_{0};
  std::atomic<std::int64_t> cap_{static_cast<std::int64_t>(half_of_memory())};
};

// Never destroyed: buffers of other static objects may outlive it.
CappedPool& pool() {
  static auto* const the_one = new CappedPool;
  return *the_one;
}

// No part of a file of the lake is as large as this.
constexpr std::int64_t largest_part_of_lake = 256'000'000;

class LakePool final : public arrow::MemoryPool {
 public:
  using MemoryPool::Allocate;
  using MemoryPool::Free;
  using MemoryPool::Reallocate;

  arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override {
    ARROW_RETURN_NOT_OK(judge(size));
    return pool().Allocate(size, alignment, out);
  }
  arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                           std::uint8_t** bytes) override {
    ARROW_RETURN_NOT_OK(judge(new_size));
    return pool().Reallocate(old_size, new_size, alignment, bytes);
  }
  void Free(std::uint8_t* buffer, std::int64_t size, std::int64_t alignment) override {
    pool().Free(buffer, size, alignment);
  }
  std::int64_t bytes_allocated() const override { return pool().bytes_allocated(); }
  std::int64_t total_bytes_allocated() const override { return pool().total_bytes_allocated(); }
  std::int64_t num_allocations() const override { return pool().num_allocations(); }
  std::string backend_name() const override { return pool().backend_name(); }

 private:
  static arrow::Status judge(std::int64_t size) {
    if (size <= largest_part_of_lake) return arrow::Status::OK();
    return arrow::Status::Invalid("a part of it says that it is ", memory_text(static_cast<std::uint64_t>(size)),
                                  " large");
  }
};

std::string& setting() {
  static auto* const text = new std::string("what the process may hold of Parquet (half of its memory)");
  return *text;
}

std::atomic<std::uint64_t> failures{0};

// Called by operator new if malloc fails.
void note_failure() {
  ++failures;
  throw std::bad_alloc();
}

// The part of the bound that is held by HeldMemory.
std::mutex holding;
std::condition_variable released;
std::uint64_t held_bytes = 0;

}  // namespace

void bound_memory_of_parquet(std::uint64_t bytes, std::string_view name) {
  pool().cap_at(bytes);
  setting() = name;
}

std::uint64_t memory_bound_of_parquet() { return pool().cap(); }
std::uint64_t memory_for_rows() { return memory_bound_of_parquet() / 4 * 3; }
arrow::MemoryPool* parquet_memory_pool() { return &pool(); }
arrow::MemoryPool* lake_memory_pool() {
  static auto* const the_one = new LakePool;
  return the_one;
}

std::string memory_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  return bytes >= 1'000'000'000 ? fmt::format("{:.1f} GB", size / 1e9)
                                : fmt::format("{:.0f} MB", std::ceil(size / 1e6));
}

Error does_not_fit(std::string_view what, std::uint64_t bytes) {
  return Error::setup(fmt::format("{} would take {} of memory, and {} is {}", what, memory_text(bytes), setting(),
                                  memory_text(memory_bound_of_parquet())));
}

Error no_memory_left(std::string_view doing) {
  return Error::setup(
      fmt::format("{}: there is no memory left; {} is {}, and the process may be limited, too (ulimit -v)", doing,
                  setting(), memory_text(memory_bound_of_parquet())));
}

std::uint64_t failed_allocations() { return failures; }
void count_failed_allocations() { std::set_new_handler(note_failure); }

std::optional<Error> shortage_of(const std::exception& problem, std::uint64_t failed_before) {
  if (const auto* const shortage = dynamic_cast<const MemoryShortage*>(&problem)) return shortage->error();
  if (const auto* const status = dynamic_cast<const parquet::ParquetStatusException*>(&problem))
    if (status->status().IsOutOfMemory() && status->status().message().starts_with(of_a_page))
      return Error::setup(status->status().message());
  // Arrow reports failed allocations of codecs only as text.
  const std::string_view words = problem.what();
  const bool is_short = failed_allocations() != failed_before || words.starts_with("Out of memory") ||
                        words.find("not enough memory") != words.npos ||
                        dynamic_cast<const std::bad_alloc*>(&problem) != nullptr;
  return is_short ? std::optional(no_memory_left("reading it")) : std::nullopt;
}

Result<HeldMemory> HeldMemory::take(std::uint64_t bytes, std::string_view what) {
  const std::uint64_t bound = memory_for_rows();
  if (bytes > bound) return std::unexpected(does_not_fit(what, bytes / 3 * 4));
  std::unique_lock lock(holding);
  released.wait(lock, [&] { return held_bytes == 0 || held_bytes + bytes <= bound; });
  held_bytes += bytes;
  return HeldMemory(bytes);
}

HeldMemory::HeldMemory(HeldMemory&& other) noexcept : bytes_(std::exchange(other.bytes_, 0)) {}

HeldMemory::~HeldMemory() {
  if (bytes_ == 0) return;
  {
    const std::lock_guard lock(holding);
    held_bytes -= bytes_;
  }
  released.notify_all();
}

}  // namespace tidemark
