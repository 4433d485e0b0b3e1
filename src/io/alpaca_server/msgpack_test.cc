// Expected bytes are those of the specification (github.com/msgpack/msgpack/blob/master/spec.md).
#include "io/alpaca_server/msgpack.h"

#include <gtest/gtest.h>

#include <bit>

#include "core/time/timestamp.h"

namespace tidemark {
namespace {

using namespace std::string_view_literals;

template <typename Write>
std::string written(Write write) {
  std::string out;
  write(out);
  return out;
}

TEST(MsgpackWriter, TakesTheShortestForm) {
  const auto integer = [](std::int64_t value) {
    return written([&](std::string& out) { msgpack::append_integer(value, out); });
  };
  EXPECT_EQ(integer(0), "\x00"sv);
  EXPECT_EQ(integer(127), "\x7f"sv);
  EXPECT_EQ(integer(128), "\xcd\x00\x80"sv);
  EXPECT_EQ(integer(65'536), "\xce\x00\x01\x00\x00"sv);
  EXPECT_EQ(integer(5'000'000'000), "\xcf\x00\x00\x00\x01\x2a\x05\xf2\x00"sv);
  EXPECT_EQ(integer(-1), "\xd3\xff\xff\xff\xff\xff\xff\xff\xff"sv);
  const auto text = [](std::string_view value) {
    return written([&](std::string& out) { msgpack::append_text(value, out); });
  };
  EXPECT_EQ(text("T"), "\xa1T"sv);
  EXPECT_EQ(text(std::string(40, 'x')), "\xd9\x28" + std::string(40, 'x'));
  EXPECT_EQ(written([](std::string& out) { msgpack::append_array_size(16, out); }), "\xdc\x00\x10"sv);
  EXPECT_EQ(written([](std::string& out) { msgpack::append_map_size(10, out); }), "\x8a"sv);
}

TEST(MsgpackWriter, DecimalsBecomeTheNearestDoubleAndWholeQuantitiesIntegers) {
  const auto decimal = [](Int128 nanos) {
    return written([&](std::string& out) { msgpack::append_decimal(nanos, out); });
  };
  EXPECT_EQ(decimal(1'500'000'000), "\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"sv) << "1.5";
  EXPECT_EQ(decimal(100'000'000), "\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a"sv) << "0.1";
  // 9007199254.740993 lies between two doubles; 2^53 + 1 units divided by 1e9 would be rounded twice.
  double expected = 9007199254.740993;
  const auto bits = std::bit_cast<std::uint64_t>(expected);
  std::string bytes = "\xcb";
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(bits >> shift);
  EXPECT_EQ(decimal(Int128{9'007'199'254'740'993'000}), bytes);
  const auto quantity = [](Int128 nanos) {
    return written([&](std::string& out) { msgpack::append_quantity(nanos, out); });
  };
  EXPECT_EQ(quantity(Int128{5} * 1'000'000'000), "\x05"sv);
  EXPECT_EQ(quantity(1'500'000'000), "\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"sv);
}

TEST(MsgpackWriter, TimesAreTimestampsInThreeSizes) {
  const auto time = [](std::string_view text) {
    return written([&](std::string& out) { msgpack::append_timestamp(*parse_timestamp(text), out); });
  };
  EXPECT_EQ(time("1970-01-01T00:00:01Z"), "\xd6\xff\x00\x00\x00\x01"sv);
  EXPECT_EQ(time("1970-01-01T00:00:01.000000001Z"), "\xd7\xff\x00\x00\x00\x04\x00\x00\x00\x01"sv);
  EXPECT_EQ(time("2106-02-07T06:28:16Z"), "\xd7\xff\x00\x00\x00\x01\x00\x00\x00\x00"sv) << "2^32 seconds";
}

TEST(MsgpackReader, ReadsWhatClientsSend) {
  const auto read = parse_msgpack(
      "\x83\xa6"
      "action\xa9"
      "subscribe\xa4"
      "bars\x92\xa4"
      "AAPL\xa1*\xa6quotes\xc0"sv);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text_of("action"), "subscribe");
  ASSERT_EQ(read->find("bars")->items.size(), 2u);
  EXPECT_EQ(read->find("bars")->items[1].text, "*");
  EXPECT_EQ(read->find("quotes")->kind, JsonValue::Kind::Null);
  EXPECT_EQ(parse_msgpack("\xd1\xff\xfe"sv)->integer, -2);
  EXPECT_EQ(parse_msgpack("\xff"sv)->integer, -1);
  EXPECT_EQ(parse_msgpack("\xcd\x01\x00"sv)->integer, 256);
}

TEST(MsgpackReader, RefusesWhatIsCutOffOrNone) {
  const std::string whole(
      "\x82\xa6"
      "action\xa4"
      "auth\xa3key\xdb\x00\x00\x00\x01k",
      23);
  ASSERT_TRUE(parse_msgpack(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_msgpack(std::string_view(whole).substr(0, size))) << size;
  EXPECT_FALSE(parse_msgpack(whole + "x")) << "more than one value";
  EXPECT_FALSE(parse_msgpack("\xc1"sv)) << "never used";
  EXPECT_FALSE(parse_msgpack("\xdd\xff\xff\xff\xff"sv)) << "longer than the message";
  EXPECT_FALSE(parse_msgpack("\x81\x01\x01"sv)) << "a name that is no text";
  EXPECT_FALSE(parse_msgpack(std::string(100, '\x91'))) << "too deep";
}

}  // namespace
}  // namespace tidemark
