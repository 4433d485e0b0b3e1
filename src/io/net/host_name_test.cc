// Names of this machine, and names in a Host header.
#include "io/net/host_name.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(HostName, KnowsLoopbackByName) {
  for (const char* name : {"localhost", "LOCALHOST", "tidemark.localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    EXPECT_TRUE(is_loopback_name(name)) << name;
  }
  for (const char* name : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.evil",
                           "0.0.0.0", "10.0.0.1", "::2"}) {
    EXPECT_FALSE(is_loopback_name(name)) << name;
  }
}

TEST(HostName, StandsInAHeaderWithOrWithoutAPort) {
  EXPECT_EQ(name_in_host("localhost:8050"), "localhost");
  EXPECT_EQ(name_in_host("localhost"), "localhost");
  EXPECT_EQ(name_in_host("[::1]:8050"), "::1");
  for (const char* none : {"", "localhost:80:80", "[::1", "[::1]x", "localhost:port", ":80"})
    EXPECT_EQ(name_in_host(none), "") << none;
}

}  // namespace
}  // namespace tidemark
