// Errors about certificates name the setting of whoever asks.
#include "io/net/tls.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(Tls, ItsCallerNamesTheSetting) {
  const auto none = make_tls_context({"/nowhere/ca.pem", "vendor-ca-file"});
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().is_setup());
  EXPECT_TRUE(none.error().message().starts_with("vendor-ca-file: /nowhere/ca.pem holds no certificates"))
      << none.error().message();
  EXPECT_TRUE(make_tls_context({"", "vendor-ca-file"}));
}

}  // namespace
}  // namespace tidemark
