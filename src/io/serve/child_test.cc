// A child's output and errors, within their limits.
#include "io/serve/child.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>

namespace tidemark {
namespace {

ChildEnd end_of(std::string script, std::size_t output_bytes) {
  boost::asio::io_context io;
  std::optional<ChildEnd> end;
  const auto child = start_child(io,
                                 {.command = {"/bin/sh", "-c", std::move(script)},
                                  .environment = {"PATH=/usr/bin:/bin"},
                                  .input = "",
                                  .time = std::chrono::minutes(5),
                                  .data_bytes = 1'000'000'000,
                                  .output_bytes = output_bytes},
                                 [&](ChildEnd said) { end = std::move(said); });
  EXPECT_TRUE(child);
  io.run();
  return end.value_or(ChildEnd{});
}

// Pieces come in any sizes, so what is kept may not depend on them.
TEST(Child, OfALongErrorTextTheBeginningIsKept) {
  const ChildEnd end =
      end_of("printf a >&2; sleep 0.1; head -c 70000 /dev/zero | tr '\\0' b >&2; printf end >&2; exit 3", 10);
  EXPECT_EQ(end.why, ChildEnd::Why::Exited);
  EXPECT_EQ(end.code, 3);
  EXPECT_TRUE(end.error_output == "a" + std::string(64 * 1'024 - 1, 'b'))
      << end.error_output.size() << " bytes, ending with " << end.error_output.substr(end.error_output.size() - 5);
}

TEST(Child, TooMuchOutputEndsIt) {
  EXPECT_EQ(end_of("printf 0123456789", 10).output, "0123456789");
  EXPECT_EQ(end_of("printf 0123456789a; sleep 100", 10).why, ChildEnd::Why::TooMuch);
}

}  // namespace
}  // namespace tidemark
