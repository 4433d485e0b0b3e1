// What a browser gets for a path.
#include "io/serve/pages.h"

#include <gtest/gtest.h>

#include <array>

#include "io/serve/response_header_test.h"

namespace tidemark {
namespace {

constexpr std::array<unsigned char, 8> text{'<', 'h', 't', 'm', 'l', '>', '.', '.'};
constexpr std::array<unsigned char, 3> packed{1, 2, 3};
constexpr std::array assets{
    WebAsset{"/assets/tidemark.js", "text/javascript", "\"j\"", text, {}},
    WebAsset{"/index.html", "text/html", "\"i\"", text, packed},
};

Request get(std::string path) { return {.method = "GET", .path = std::move(path)}; }

TEST(Pages, ServesTheIndexForTheRoot) {
  const auto page = find_page(get("/"), assets);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->embedded.data(), text.data());
  EXPECT_EQ(page->content_type, "text/html");
  EXPECT_EQ(header(*page, "ETag"), "\"i\"");
  EXPECT_NE(header(*page, "Content-Security-Policy").find("default-src 'none'"), std::string::npos);
  EXPECT_FALSE(find_page(get("/../etc/passwd"), assets));
}

struct EncodingCase {
  const char* accepts;
  bool gzip;
};

TEST(Pages, PacksForWhoAsks) {
  const EncodingCase cases[] = {
      {"gzip", true},          {"br, gzip, zstd", true}, {"gzip;q=0.5", true}, {"gzip; q=0", false},
      {"gzip;q=0.000", false}, {"identity", false},      {"x-gzipped", false}, {"", false}};
  for (const EncodingCase& c : cases) {
    Request request = get("/index.html");
    request.accept_encoding = c.accepts;
    const auto page = find_page(request, assets);
    EXPECT_EQ(header(*page, "Content-Encoding"), c.gzip ? "gzip" : "") << c.accepts;
    EXPECT_EQ(page->embedded.data(), c.gzip ? packed.data() : text.data()) << c.accepts;
    EXPECT_EQ(header(*page, "ETag"), c.gzip ? "\"i-gzip\"" : "\"i\"") << c.accepts;
    EXPECT_EQ(header(*page, "Vary"), "Accept-Encoding");
  }
}

TEST(Pages, DoesNotSendWhatTheBrowserHas) {
  Request request = get("/");
  request.if_none_match = "\"x\", W/\"i\"";
  const auto page = find_page(request, assets);
  EXPECT_EQ(page->status, 304u);
  EXPECT_TRUE(page->embedded.empty());
  EXPECT_EQ(header(*page, "ETag"), "\"i\"");
  request.if_none_match = "\"i-gzip\"";  // that is the other encoding
  EXPECT_EQ(find_page(request, assets)->status, 200u);
}

TEST(Pages, SaysSoWhenNoPageWasBuiltIn) {
  const auto page = find_page(get("/"), {});
  ASSERT_TRUE(page);
  EXPECT_NE(page->body.find("without its page"), std::string::npos);
  EXPECT_FALSE(find_page(get("/assets/tidemark.js"), {}));
}

}  // namespace
}  // namespace tidemark
