// The test vectors of RFC 4648 §10, and bytes beyond ASCII by Python's base64.b64encode.
#include "core/wire/base64.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

struct Vector {
  std::string_view bytes, text;
};
constexpr std::array vectors{
    Vector{"", ""},
    Vector{"f", "Zg=="},
    Vector{"fo", "Zm8="},
    Vector{"foo", "Zm9v"},
    Vector{"foob", "Zm9vYg=="},
    Vector{"fooba", "Zm9vYmE="},
    Vector{"foobar", "Zm9vYmFy"},
    Vector{std::string_view("\0", 1), "AA=="},
    Vector{"\xff\xff\xff", "////"},
    Vector{"\xfb\xef\xbe", "++++"},
    Vector{"\xff\xfe no text", "//4gbm8gdGV4dA=="},
};

TEST(Base64, IsThatOfTheRfc) {
  for (const Vector& row : vectors) {
    std::string out = ">";
    append_base64(row.bytes, out);
    EXPECT_EQ(out, ">" + std::string(row.text));
    EXPECT_EQ(parse_base64(row.text), std::string(row.bytes));
  }
}

// What a strict reader of RFC 4648 §3.5 refuses: Python's base64.b64decode(validate=True) takes the last two.
TEST(Base64, ReadsNothingElse) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm9v\n", " Zm9v",
                                      "Zm9-", "Zm9_", "Z=9v", "Zh==", "Zm9="})
    EXPECT_EQ(parse_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace tidemark
