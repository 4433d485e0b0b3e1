// The memory bound of Parquet: the cap of the pool, the largest part of a file of the lake, and the errors for both.
#include "io/parquet/memory_bound.h"

#include <arrow/memory_pool.h>
#include <arrow/status.h>
#include <gtest/gtest.h>
#include <parquet/exception.h>

#include <stdexcept>

namespace tidemark {
namespace {

constexpr std::int64_t gigabyte = 1'000'000'000;

arrow::Status allocate(arrow::MemoryPool* pool, std::int64_t size) {
  std::uint8_t* bytes = nullptr;
  const auto done = pool->Allocate(size, 64, &bytes);
  if (done.ok()) pool->Free(bytes, size, 64);
  return done;
}

class MemoryBound : public ::testing::Test {
 protected:
  MemoryBound() { bound_memory_of_parquet(gigabyte, "--memory"); }
};

TEST_F(MemoryBound, ThePoolGivesNoMoreThanItsCap) {
  const std::int64_t before = parquet_memory_pool()->bytes_allocated();
  EXPECT_TRUE(allocate(parquet_memory_pool(), 1'000).ok());
  const auto refused = allocate(parquet_memory_pool(), 3 * gigabyte);
  EXPECT_TRUE(refused.IsOutOfMemory());
  EXPECT_NE(refused.message().find("would take 3.0 GB of memory"), std::string::npos) << refused.message();
  EXPECT_EQ(parquet_memory_pool()->bytes_allocated(), before);
}

TEST_F(MemoryBound, AnAbsurdSizeInTheLakeIsDamageAndNoShortage) {
  const auto refused = allocate(lake_memory_pool(), 2 * gigabyte);
  EXPECT_TRUE(refused.IsInvalid());
  EXPECT_FALSE(shortage_of(parquet::ParquetStatusException(refused), failed_allocations()));
  EXPECT_TRUE(allocate(lake_memory_pool(), 1'000).ok());
}

TEST_F(MemoryBound, TellsAShortageFromDamage) {
  const auto capped = shortage_of(parquet::ParquetStatusException(allocate(parquet_memory_pool(), 3 * gigabyte)), 0);
  ASSERT_TRUE(capped);
  EXPECT_TRUE(capped->is_setup());
  EXPECT_TRUE(shortage_of(std::bad_alloc(), 0));
  EXPECT_TRUE(shortage_of(std::runtime_error("ZSTD decompression failed: Allocation error : not enough memory"), 0));
  EXPECT_FALSE(shortage_of(std::runtime_error("Corrupt snappy compressed data."), failed_allocations()));
}

TEST_F(MemoryBound, WhatWouldNeverFitIsRefused) {
  const auto held = HeldMemory::take(2 * gigabyte, "all of it");
  ASSERT_FALSE(held);
  EXPECT_NE(held.error().message().find("all of it would take 2.7 GB"), std::string::npos) << held.error().message();
  EXPECT_TRUE(HeldMemory::take(700'000'000, "some"));
  EXPECT_TRUE(HeldMemory::take(700'000'000, "and once more, because the first was let go"));
}

}  // namespace
}  // namespace tidemark
