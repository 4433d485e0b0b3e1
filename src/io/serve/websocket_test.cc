// Vectors from RFC 6455 (sections 1.3 and 5.7), and what no client may send.
#include "io/serve/websocket.h"

#include <gtest/gtest.h>

#include "io/serve/masked_frame_test.h"

namespace tidemark::websocket {
namespace {

TEST(WebSocket, AcceptsTheKeyOfTheStandard) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ="), std::nullopt);
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub2 jZQ=="), std::nullopt);
}

TEST(WebSocket, FramesAsTheStandardDoes) {
  EXPECT_EQ(frame(Opcode::Text, "Hello"), "\x81\x05Hello");
  EXPECT_EQ(frame(Opcode::Binary, std::string(256, 'x')).substr(0, 4), std::string("\x82\x7e\x01\x00", 4));
  EXPECT_EQ(frame(Opcode::Binary, std::string(65'536, 'x')).substr(0, 10),
            std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
  EXPECT_EQ(close_frame(CloseCode::GoingAway, "bye"),
            "\x88\x05\x03\xe9"
            "bye");
}

TEST(WebSocket, ReadsTheMaskedHelloOfTheStandardByteByByte) {
  Reader reader(100);
  const std::string_view bytes = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
  for (const char byte : bytes.substr(0, 10)) {
    reader.feed({&byte, 1});
    EXPECT_FALSE(reader.next());
  }
  reader.feed(bytes.substr(10));
  const auto event = reader.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->opcode, Opcode::Text);
  EXPECT_EQ(event->payload, "Hello");
}

TEST(WebSocket, JoinsFragmentsAroundAPing) {
  Reader reader(100);
  reader.feed(masked(0x01, "Hel") + masked(0x89, "p") + masked(0x80, "lo"));
  EXPECT_EQ(reader.next()->opcode, Opcode::Ping);
  const auto event = reader.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->opcode, Opcode::Text);
  EXPECT_EQ(event->payload, "Hello");
  EXPECT_FALSE(reader.broken());
}

struct BrokenCase {
  const char* what;
  std::string bytes;
  CloseCode code;
};

TEST(WebSocket, EndsWithWhoBreaksTheProtocol) {
  const BrokenCase cases[] = {
      {"unmasked", "\x81\x01x", CloseCode::ProtocolError},
      {"a reserved bit", masked(0xc1, "x"), CloseCode::ProtocolError},
      {"an unknown opcode", masked(0x83, "x"), CloseCode::ProtocolError},
      {"a ping in fragments", masked(0x09, "x"), CloseCode::ProtocolError},
      {"a continuation of nothing", masked(0x80, "x"), CloseCode::ProtocolError},
      {"a new message inside another", masked(0x01, "x") + masked(0x81, "y"), CloseCode::ProtocolError},
      {"a long ping", "\x89\xfe", CloseCode::ProtocolError},
      {"a message too big", masked(0x81, "12345678901"), CloseCode::TooBig},
      {"fragments too big together", masked(0x01, "123456") + masked(0x80, "78901"), CloseCode::TooBig},
      {"a length of 2^63", "\x81\xff\x80" + std::string(7, '\0'), CloseCode::TooBig},
  };
  for (const BrokenCase& c : cases) {
    Reader reader(10);
    reader.feed(c.bytes);
    while (reader.next()) {
    }
    EXPECT_EQ(reader.broken(), c.code) << c.what;
  }
}

}  // namespace
}  // namespace tidemark::websocket
