// What the doctor says about the files of a replay.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/config/feed_spec.h"
#include "app/data_dir/check.h"

namespace tidemark {
namespace {

std::vector<Check> checks_of(const std::string& file) {
  const auto replay = std::ranges::find(feeds(), "replay", [](const FeedSpec* feed) { return feed->name; });
  RunOptions options;
  options.files = {file};
  return (*replay)->checks_here(options);
}

TEST(ReplayChecks, StandardInputIsNoFile) {
  const auto found = checks_of("-");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].health, Health::Ok) << found[0].detail;
}

TEST(ReplayChecks, WhatRunRefusesFails) {
  for (const std::string& file : {std::string("/nowhere/bars.jsonl"), testing::TempDir()}) {
    const auto found = checks_of(file);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].health, Health::Failure) << found[0].detail;
    EXPECT_NE(found[0].detail.find(file), std::string::npos) << found[0].detail;
    EXPECT_FALSE(found[0].cure.empty());
  }
}

}  // namespace
}  // namespace tidemark
