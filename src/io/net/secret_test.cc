// No way of printing a secret shows it.
#include "io/net/secret.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace tidemark {
namespace {

TEST(Secret, PrintsAsStars) {
  const Secret secret("hunter2-hunter2-hunter2");
  std::ostringstream stream;
  stream << secret;
  EXPECT_EQ(stream.str(), "***");
  EXPECT_EQ(format_as(secret), "***");
  EXPECT_EQ(::testing::PrintToString(secret), "***");
}

TEST(Secret, SaysWhetherItIsThere) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(format_as(Secret()), "");
  EXPECT_EQ(Secret("abc").reveal(), "abc");
}

TEST(Secret, CopiesOutliveTheOneTheyCameFrom) {
  Secret copy;
  {
    const Secret secret("hunter2-hunter2-hunter2");
    copy = secret;
  }
  EXPECT_EQ(copy.reveal(), "hunter2-hunter2-hunter2");
}

// The flags of a mapping: proc(5), smaps; MADV_DONTDUMP sets "dd".
TEST(Secret, LiesInPagesThatNoCoreDumpGets) {
  const Secret secret("hunter2-hunter2-hunter2");
  const auto address = reinterpret_cast<std::uintptr_t>(secret.reveal().data());
  std::ifstream maps("/proc/self/smaps");
  bool is_its_mapping = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) is_its_mapping = begin <= address && address < end;
    if (!is_its_mapping || !line.starts_with("VmFlags:")) continue;
    EXPECT_NE(line.find(" dd"), line.npos) << line;
    return;
  }
  GTEST_SKIP() << "this system tells no flags of mappings";
}

TEST(Secret, WhatWasCopiedOutIsWiped) {
  std::string text = "hunter2-hunter2-hunter2";
  const char* const bytes = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(bytes[5], '\0');
}

}  // namespace
}  // namespace tidemark
