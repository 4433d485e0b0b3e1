// What would control a terminal is shown as an escape. Everything else is unchanged.
#include "core/wire/visible_text.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

using namespace std::string_view_literals;

struct VisibleCase {
  std::string_view when, text, shown;
};

constexpr std::array visible_cases{
    VisibleCase{"plain text", "Vol. 5 %", "Vol. 5 %"},
    VisibleCase{"other scripts", "Zürich 東京 🙂", "Zürich 東京 🙂"},
    VisibleCase{"a clear screen", "\x1b[2Jopen", R"(\u001b[2Jopen)"},
    VisibleCase{"a NUL", "a\0b"sv, R"(a\u0000b)"},
    VisibleCase{"line ends", "a\r\nb\tc", R"(a\r\nb\tc)"},
    VisibleCase{"delete", "a\x7f", R"(a\u007f)"},
    VisibleCase{"CSI as one character (U+009B)",
                "\xc2\x9b"
                "2J",
                R"(\u009b2J)"},
    VisibleCase{"CSI as one byte, which is no UTF-8",
                "\x9b"
                "2J",
                R"(\u009b2J)"},
    VisibleCase{"text that runs backwards (U+202E)",
                "a\xe2\x80\xae"
                "b",
                R"(a\u202eb)"},
    VisibleCase{"a cut character", "a\xe6\x9d", R"(a\u00e6\u009d)"},
    VisibleCase{"an overlong slash", "\xc0\xaf", R"(\u00c0\u00af)"},
    VisibleCase{"a surrogate", "\xed\xa0\x80", R"(\u00ed\u00a0\u0080)"},
    VisibleCase{"an escape shown before", R"(\u001b[2J)", R"(\u001b[2J)"},
};

TEST(VisibleText, ShowsWhatSteersATerminal) {
  for (const VisibleCase& each : visible_cases) EXPECT_EQ(visible(each.text), each.shown) << each.when;
}

TEST(VisibleText, KeepsLineEndsWhereASentenceHasSome) {
  EXPECT_EQ(visible("near:\n  ^\x1b", LineEnds::Kept), "near:\n  ^\\u001b");
}

}  // namespace
}  // namespace tidemark
