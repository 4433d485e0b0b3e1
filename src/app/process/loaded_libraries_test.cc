#include <gtest/gtest.h>

#include <filesystem>

#include "app/process/loaded_libraries.h"

namespace tidemark {
namespace {

TEST(LoadedLibraries, HaveTheNameThatTheLoaderWasAskedForAndTheFileBehindIt) {
  const auto libraries = loaded_libraries();
  ASSERT_TRUE(libraries.contains("libc.so.6"));
  EXPECT_TRUE(libraries.find("libstdc++.so.6")->second.starts_with("libstdc++.so.6"));
  for (const auto& [name, file] : libraries) EXPECT_EQ(file.find('/'), std::string::npos) << name;
}

TEST(LoadedLibraries, OfPackagesOnlyThoseThatAreAskedForAndInstalled) {
  if (!std::filesystem::exists("/var/lib/dpkg/status")) GTEST_SKIP() << "this system has no dpkg";
  const auto versions = installed_versions({"libc6", "no-such-package"});
  ASSERT_EQ(versions.size(), 1u);
  EXPECT_TRUE(versions.find("libc6")->second.starts_with("2."));  // glibc's, with Debian's revision behind it
}

}  // namespace
}  // namespace tidemark
