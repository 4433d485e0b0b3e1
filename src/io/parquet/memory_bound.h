// The bound on the memory that reading and writing Parquet may take in this process, and the errors for exceeding it.
//
// Footers, page headers and row counts tell how much memory a file needs before it is allocated. All buffers of Arrow
// come from one capped pool. Memory that this room holds itself is checked against the same bound first.
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

inline constexpr std::uint64_t default_memory_bytes = 1'000'000'000;  // the default of --memory

// Call it once, before the first file is opened. Otherwise the bound is half of the memory of the machine or of the
// process's cgroup, and at least a gigabyte. `setting` names what the operator can change: "--memory".
void bound_memory_of_parquet(std::uint64_t bytes, std::string_view setting);
std::uint64_t memory_bound_of_parquet();
// The part of the bound for rows in memory. Pages, names and output buffers take the rest.
std::uint64_t memory_for_rows();
arrow::MemoryPool* parquet_memory_pool();
// The pool for files of the lake. It reports an implausibly large part as damage, not as too little memory.
arrow::MemoryPool* lake_memory_pool();

// "1.1 GB"
std::string memory_text(std::uint64_t bytes);

// Error::setup, because a file that is too large for the bound is not damaged. "WHAT would take 2.1 GB, and --memory is
// 1.0 GB; …"
Error does_not_fit(std::string_view what, std::uint64_t bytes);
// The error for an allocation that the system refused.
Error no_memory_left(std::string_view doing);

// Thrown within read_parquet() if data does not fit.
class MemoryShortage : public std::exception {
 public:
  explicit MemoryShortage(Error error) : error_(std::move(error)) {}
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.message().c_str(); }

 private:
  Error error_;
};

// The number of failed C++ allocations in this process since count_failed_allocations(). Libraries turn some of them
// into errors with their own texts.
std::uint64_t failed_allocations();
void count_failed_allocations();

// The error if the problem is a lack of memory; none if the bytes are wrong. `failed_before` is failed_allocations() at
// the start of the work.
std::optional<Error> shortage_of(const std::exception& problem, std::uint64_t failed_before);

// Reserves a part of memory_for_rows(). Waits while others hold too much of it.
class HeldMemory {
 public:
  // An error if `bytes` exceed the bound even alone. A holder must not take more, because two holders would wait for
  // one another.
  static Result<HeldMemory> take(std::uint64_t bytes, std::string_view what);
  HeldMemory(HeldMemory&& other) noexcept;
  HeldMemory& operator=(HeldMemory&&) = delete;
  ~HeldMemory();

 private:
  explicit HeldMemory(std::uint64_t bytes) : bytes_(bytes) {}
  std::uint64_t bytes_;
};

}  // namespace tidemark
