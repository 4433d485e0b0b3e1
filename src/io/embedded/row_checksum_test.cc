// Expected values come from a bitwise CRC-32C in Python (0x82f63b78, which gives 0xe3069283 for "123456789") over the bytes that
// docs/log.md describes. test/stages/damage computes those of a whole log so.
#include "io/embedded/row_checksum.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "io/embedded/summary.h"

namespace tidemark {
namespace {

constexpr std::int64_t noon = 1'732'276'800'000'000'000;

TEST(RowChecksum, OfRecordsIsTheOneOfTheBytesThatAreDescribed) {
  const Batch::View bar{.position = 9,
                        .kind = RecordKind::Data,
                        .key = "AAPL",
                        .value = R"({"symbol":"AAPL"})",
                        .ingested_at = event_time_from_nanos(noon)};
  EXPECT_EQ(checksum_of(Topic::JudgedBars, {.record = bar}), 0x7ebba5bdU);
  const Batch::View heartbeat{.position = 10,
                              .kind = RecordKind::Heartbeat,
                              .time = event_time_from_nanos(noon),
                              .ingested_at = event_time_from_nanos(noon + 1)};
  EXPECT_EQ(checksum_of(Topic::Bars, {.record = heartbeat}), 0x246076bU);
  const Batch::View too_long{.position = 11,
                             .value = std::string_view("\xff\x00", 2),
                             .ingested_at = event_time_from_nanos(-1),
                             .bytes_in_all = 5'000'000'000};
  EXPECT_EQ(checksum_of(Topic::Bars, {.record = too_long}), 0x821d211fU);
  const Batch::View two{
      .position = 9, .key = "AAPL\nMSFT", .value = "{\"n\":1}\n{\"n\":2}", .ingested_at = event_time_from_nanos(noon)};
  EXPECT_EQ(checksum_of(Topic::Bars, {.record = two, .records = 2, .is_shared = true}), 0x70530e01U);
}

TEST(RowChecksum, OfOtherRowsIsTheOneOfTheBytesThatAreDescribed) {
  EXPECT_EQ(checksum_of_cursor("simulator", "sim1"), 0xbfa70df4U);
  EXPECT_EQ(checksum_of_state("store", ""), 0x3749122U);
  EXPECT_EQ(checksum_of_position("analyze", "alpaca_trends", 2, 1), 0xb93d9983U);
  EXPECT_EQ(checksum_of_position("store", "tidemark_bars", 7, std::nullopt), 0x7a320936U);
  EXPECT_EQ(checksum_of_begin("tidemark_bars", 12, 3), 0x567f7279U);
  EXPECT_EQ(to_text({.sequence = 9, .ends = {1, 2, 3, 4, 5}, .known = 6}), "9 1 2 3 4 5 6 2200827398");
}

TEST(RowChecksum, DiffersWhateverOfARecordDiffers) {
  const RecordRow row{.record = {.position = 9, .kind = RecordKind::Data, .key = "AB", .value = "12"}};
  const std::uint32_t right = checksum_of(Topic::Bars, row);
  const std::function<void(Batch::View&)> changes[] = {[](auto& it) { it.position = 10; },
                                                       [](auto& it) { it.kind = RecordKind::Limit; },
                                                       [](auto& it) { it.key = "AC"; },
                                                       [](auto& it) { it.value = "13"; },
                                                       [](auto& it) { it.bytes_in_all = 2; },
                                                       [](auto& it) { it.time = event_time_from_nanos(1); },
                                                       [](auto& it) { it.key = "A", it.value = "B12"; },
                                                       [](auto& it) { it.ingested_at = event_time_from_nanos(1); }};
  for (const auto& change : changes) {
    RecordRow other = row;
    change(other.record);
    EXPECT_NE(checksum_of(Topic::Bars, other), right);
  }
  EXPECT_NE(checksum_of(Topic::Trends, row), right);
  for (const Position records : {1, 2}) {
    RecordRow shared = row;
    shared.is_shared = true;
    shared.records = records;
    EXPECT_NE(checksum_of(Topic::Bars, shared), right);
  }
}

// Bit by bit, as the polynomial says.
std::uint32_t slow_checksum(std::string_view bytes) {
  std::uint32_t state = 0xffffffff;
  for (const unsigned char byte : bytes) {
    state ^= byte;
    for (int bit = 0; bit < 8; ++bit) state = state >> 1 ^ ((state & 1) != 0 ? 0x82f63b78 : 0);
  }
  return ~state;
}

TEST(RowChecksum, IsThePolynomialsForEveryLength) {
  std::string state;
  for (std::size_t size = 0; size < 9'000; size += size < 1'200 ? 1 : 61) {
    while (state.size() < size) state += static_cast<char>(state.size() * state.size() >> 4);
    std::string bytes("state\0\1\0\0\0\0\0\0\0a", 15);
    for (std::size_t byte = 0; byte < 8; ++byte) bytes += static_cast<char>(size >> 8 * byte);
    ASSERT_EQ(checksum_of_state("a", state), slow_checksum(bytes + state)) << size;
  }
}

TEST(Summary, IsReadAsItWasWritten) {
  const Summary summary{.sequence = 9, .ends = {1, 2, 3, 4, 5}, .known = 6};
  EXPECT_EQ(parse_summary(to_text(summary)), summary);
  const std::string text = to_text(summary);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = other[i] == '7' ? '8' : '7';
    EXPECT_EQ(parse_summary(other), std::nullopt) << other;
    EXPECT_EQ(parse_summary(text.substr(0, i)), std::nullopt) << i;
  }
  EXPECT_EQ(parse_summary(text + "0"), std::nullopt);
  EXPECT_EQ(parse_summary("0" + text), std::nullopt);
}

TEST(KnownRows, SumWhatIsKept) {
  KnownRows rows;
  rows.put("a", 5);
  rows.put("b", 7);
  rows.keep();
  EXPECT_EQ(rows.sum(), 12);
  rows.put("a", 6);
  rows.put("a", 1);
  rows.put("c", 100);
  EXPECT_EQ(rows.sum(), 108);
  rows.forget();
  EXPECT_EQ(rows.sum(), 12);
  rows.put("b", 0xffffffff);
  rows.keep();
  rows.forget();
  EXPECT_EQ(rows.sum(), 5 + 0xffffffffLL);
}

}  // namespace
}  // namespace tidemark
