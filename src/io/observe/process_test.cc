// What the system says of this process.
#include "io/observe/process.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <thread>

namespace tidemark {
namespace {

std::string name_of_this_thread() {
  std::ifstream file("/proc/thread-self/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

TEST(Process, AThreadIsNamedAndOthersAreNot) {
  const std::string before = name_of_this_thread();
  if (before.empty()) GTEST_SKIP() << "/proc is missing";
  std::string name, cut;
  std::thread([&] {
    name_this_thread("analyze");
    name = name_of_this_thread();
    name_this_thread("a-name-of-more-than-15-bytes");
    cut = name_of_this_thread();
  }).join();
  EXPECT_EQ(name, "analyze");
  EXPECT_EQ(cut, "a-name-of-more-");
  EXPECT_EQ(name_of_this_thread(), before);
}

}  // namespace
}  // namespace tidemark
