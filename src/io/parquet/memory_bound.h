// How much memory the reading and writing of Parquet may take in this process, and the sentence for what does not fit.
//
// Footers, page headers and row counts say how much a file takes before that much is allocated. All buffers of Arrow come
// from one pool with a cap; what this room holds itself is compared with the same bound first.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace arrow {
class MemoryPool;
}

namespace tidemark {

inline constexpr std::uint64_t default_memory_bytes = 1'000'000'000;  // of --memory

// Once, before the first file is opened; else the bound is half of the memory of the machine or of the process's cgroup,
// and at least a gigabyte. `setting` is what the operator can change: "--memory".
void bound_memory_of_parquet(std::uint64_t bytes, std::string_view setting);
std::uint64_t memory_bound_of_parquet();
// Of the bound, what rows may take that are held; pages, names and what is written take the rest.
std::uint64_t memory_for_rows();
arrow::MemoryPool* parquet_memory_pool();
// The same for files of the lake, in which nothing is as large as a damaged size says: that is wrong, and not too much.
arrow::MemoryPool* lake_memory_pool();

// "1.1 GB"
std::string memory_text(std::uint64_t bytes);

// An error of the set-up, so that nobody takes a file for damaged that is only too large for the bound.
// "WHAT would take 2.1 GB, and --memory is 1.0 GB; …"
Error does_not_fit(std::string_view what, std::uint64_t bytes);
// Of an allocation that the system refused.
Error no_memory_left(std::string_view doing);

// Thrown within read_parquet(): what is read does not fit.
class MemoryShortage : public std::exception {
 public:
  explicit MemoryShortage(Error error) : error_(std::move(error)) {}
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.message().c_str(); }

 private:
  Error error_;
};

// The C++ allocations that failed in this process, once they are counted. Libraries turn some of them into errors of
// their own words.
std::uint64_t failed_allocations();
void count_failed_allocations();

// The error, when the problem is that memory was short and not that the bytes are wrong. `failed_before`:
// failed_allocations() when the work began.
std::optional<Error> shortage_of(const std::exception& problem, std::uint64_t failed_before);

// Part of memory_for_rows(), while it is held. Waits for others as long as they leave too little.
class HeldMemory {
 public:
  // An error when `bytes` would not fit even alone. Whoever holds some must not ask for more, or two wait for one another.
  static Result<HeldMemory> take(std::uint64_t bytes, std::string_view what);
  HeldMemory(HeldMemory&& other) noexcept;
  HeldMemory& operator=(HeldMemory&&) = delete;
  ~HeldMemory();

 private:
  explicit HeldMemory(std::uint64_t bytes) : bytes_(bytes) {}
  std::uint64_t bytes_;
};

}  // namespace tidemark
