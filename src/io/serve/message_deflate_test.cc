// permessage-deflate: the examples of RFC 7692 (7.1.3 and 7.2.3), and messages of hostile clients.
#include "io/serve/message_deflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "io/serve/masked_frame_test.h"

namespace tidemark::websocket {
namespace {

// From section 7.2.3.1 of the standard: "Hello" in one compressed frame, without its head.
constexpr std::string_view hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);

std::string packed(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(::deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(::deflateBound(&stream, text.size()) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_SYNC_FLUSH), Z_OK);
  out.resize(out.size() - stream.avail_out - 4);
  ::deflateEnd(&stream);
  return out;
}

TEST(MessageDeflate, AgreesToWhatBrowsersOffer) {
  const std::string plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  EXPECT_EQ(agree_to_deflate("permessage-deflate; client_max_window_bits"), plain);
  EXPECT_EQ(agree_to_deflate("permessage-deflate"), plain);
  EXPECT_EQ(agree_to_deflate("x-webkit-deflate-frame, permessage-deflate;client_max_window_bits=\"10\""), plain);
  EXPECT_EQ(agree_to_deflate("permessage-deflate; server_max_window_bits=15"), plain + "; server_max_window_bits=15");
}

TEST(MessageDeflate, PassesOverWhatItCannotKeepTo) {
  EXPECT_EQ(agree_to_deflate(""), std::nullopt);
  EXPECT_EQ(agree_to_deflate("permessage-bzip2"), std::nullopt);
  EXPECT_EQ(agree_to_deflate("permessage-deflate; server_max_window_bits=10"), std::nullopt);
  EXPECT_EQ(agree_to_deflate("permessage-deflate; unknown"), std::nullopt);
  EXPECT_TRUE(agree_to_deflate("permessage-deflate; server_max_window_bits=10, permessage-deflate"));
}

TEST(MessageDeflate, UnpacksTheHelloOfTheStandard) {
  EXPECT_EQ(unpack_message(hello, 5), "Hello");
  EXPECT_EQ(unpack_message(hello, 4).error(), CloseCode::TooBig);
  EXPECT_EQ(unpack_message("\xff\xff\xff", 100).error(), CloseCode::ProtocolError);
}

TEST(MessageDeflate, PacksWhatIsLongEnough) {
  const std::string shortly(least_packed_bytes - 1, 'x');
  EXPECT_EQ(packed_frame(Opcode::Text, shortly), frame(Opcode::Text, shortly));
  const std::string text(10'000, 'x');
  const std::string bytes = packed_frame(Opcode::Text, text);
  ASSERT_LT(bytes.size(), 126u);
  EXPECT_EQ(static_cast<unsigned char>(bytes[0]), 0xc1);  // whole, compressed, text
  EXPECT_EQ(unpack_message(bytes.substr(2), text.size()), text);
  EXPECT_EQ(packed_frame(Opcode::Text, text), bytes);  // nothing is kept from one message to the next
}

TEST(MessageDeflate, IsReadOnlyWhereItWasAgreedTo) {
  for (const Deflate deflate : {Deflate::No, Deflate::Agreed}) {
    Reader reader(100, deflate);
    reader.feed(masked(0xc1, hello));
    const auto event = reader.next();
    EXPECT_EQ(event.has_value(), deflate == Deflate::Agreed);
    if (event) {
      EXPECT_EQ(event->payload, "Hello");
    }
    EXPECT_EQ(reader.broken().has_value(), deflate == Deflate::No);
  }
}

TEST(MessageDeflate, TheFirstFragmentSaysThatAMessageIsPacked) {
  Reader reader(100, Deflate::Agreed);
  reader.feed(masked(0x41, hello.substr(0, 3)) + masked(0x80, hello.substr(3)));
  const auto event = reader.next();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->payload, "Hello");
  reader.feed(masked(0x01, "a") + masked(0xc0, "b"));
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.broken(), CloseCode::ProtocolError);
  Reader ping(100, Deflate::Agreed);
  ping.feed(masked(0xc9, ""));
  EXPECT_FALSE(ping.next());
  EXPECT_EQ(ping.broken(), CloseCode::ProtocolError);
}

TEST(MessageDeflate, ABombIsTooBig) {
  const std::string bomb = packed(std::string(1'000'000, 'x'));
  ASSERT_LT(bomb.size(), 4'096u);  // so that it is not refused for its own length
  Reader reader(4'096, Deflate::Agreed);
  reader.feed(masked(0xc1, bomb));
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.broken(), CloseCode::TooBig);
}

}  // namespace
}  // namespace tidemark::websocket
