// A server's text reaches a terminal as one line of plain text.
#include "core/wire/server_words.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

struct Case {
  std::string_view said, shown;
  std::size_t most_bytes = 300;
};
constexpr Case cases[] = {
    {"too many requests.", "too many requests."},
    {"line\nline\ttab\x1b[31mred\x7f", "line line tab [31mred "},
    {"für BRK.B", "für BRK.B"},
    {"\xC2\x9B"
     "31m",
     "  31m"},  // CSI as one character
    {"a\xFFz", "a?z"},
    {"0123456789abc", "0123456789…", 10},
    {"012345678ü", "012345678…", 10},  // the letter would be cut in two
};

TEST(ServerWords, AreOneLineOfText) {
  for (const Case& each : cases) EXPECT_EQ(server_words(each.said, each.most_bytes), each.shown) << each.said;
}

}  // namespace
}  // namespace tidemark
