// URLs of servers: what is read from them, and what is refused.
#include "io/net/server_url.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(ServerUrl, IsRead) {
  const auto real = parse_server_url("alpaca-data-url", "https://data.alpaca.markets");
  ASSERT_TRUE(real) << real.error().message();
  EXPECT_TRUE(real->is_secure);
  EXPECT_EQ(real->host + " " + real->port + " " + real->path, "data.alpaca.markets 443 ");
  EXPECT_EQ(real->host_header(), "data.alpaca.markets");
  const auto own = parse_server_url("alpaca-data-url", "http://127.0.0.1:8060/some/where/");
  ASSERT_TRUE(own) << own.error().message();
  EXPECT_FALSE(own->is_secure);
  EXPECT_EQ(own->host_header() + own->path, "127.0.0.1:8060/some/where");
  const auto six = parse_server_url("alpaca-stream-url", "wss://[::1]:9000");
  ASSERT_TRUE(six) << six.error().message();
  EXPECT_EQ(six->host + " " + six->host_header(), "::1 [::1]:9000");
}

TEST(ServerUrl, ThatIsNoneIsSaidWithItsSetting) {
  for (const char* url : {"", "data.alpaca.markets", "ftp://x", "https://", "https://:1", "https://x:",
                          "https://x:port", "https://a b", "https://x\r\nHost: y", "https://key@x", "https://[::1"}) {
    const auto parsed = parse_server_url("alpaca-data-url", url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_TRUE(parsed.error().is_setup() && parsed.error().message().starts_with("alpaca-data-url: ")) << url;
  }
}

}  // namespace
}  // namespace tidemark
