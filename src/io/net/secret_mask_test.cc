// Key and secret are found in every encoding. The expected encodings were made with Python's base64, json and urllib.
#include "io/net/secret_mask.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

constexpr std::string_view key = "PKCANARY0123", secret = "s3cr/t+word-of~canary";

struct Case {
  std::string_view said, shown;
};
constexpr Case cases[] = {
    {"forbidden for PKCANARY0123", "forbidden for ***"},
    {"x-pkcanary0123-x", "x-***-x"},
    {R"({"message":"s3cr\/t+word-of~canary"})", R"({"message":"***"})"},
    {R"(\u0050KC\u0041NARY012\u0033!)", "***!"},
    {"?k=PKCANARY0123&s=s3cr%2Ft%2Bword-of~canary", "?k=***&s=***"},
    {"s3cr%2ft%2bword%2Dof%7Ecanary", "***"},
    // base64.b64encode of key, secret and "key:secret". Digits that share bits with neighbours may stay.
    {"UEtDQU5BUlkwMTIz.", "***."},
    {"czNjci90K3dvcmQtb2Z+Y2FuYXJ5.", "***."},
    {"Basic UEtDQU5BUlkwMTIzOnMzY3IvdCt3b3JkLW9mfmNhbmFyeQ==", "Basic ***On***Q=="},
    {"504b43414e41525930313233", "***"},
    {"504B43414E41525930313233", "***"},
    {"PKCANARY012 s3cr/t", "PKCANARY012 s3cr/t"},  // incomplete
    {"%", "%"},
    {R"(\)", R"(\)"},
    {R"(\u005)", R"(\u005)"},
};

TEST(SecretMask, CoversThemHoweverTheyAreWritten) {
  const SecretMask mask({key, secret});
  for (const Case& each : cases) {
    std::string text(each.said);
    EXPECT_EQ(mask.cover(text) > 0, each.said != each.shown);
    EXPECT_EQ(text, each.shown);
  }
}

TEST(SecretMask, WordsThatAreTooShortAreNone) {
  std::string text = "k and s are letters of many words";
  EXPECT_EQ(SecretMask({"k", "s", ""}).cover(text), 0u);
  EXPECT_EQ(text, "k and s are letters of many words");
}

}  // namespace
}  // namespace tidemark
