// Dead letters (contract/semantics.md §2.8).
#include "core/wire/reject.h"

#include <gtest/gtest.h>

#include "core/wire/decode.h"

namespace tidemark {
namespace {

std::string dead_letter(const Reject& reject, std::string_view record, std::size_t bytes_in_all) {
  std::string out;
  append_dead_letter(reject, {"bars.jsonl", 7}, record, bytes_in_all, out);
  return out;
}
std::string dead_letter(const Reject& reject, std::string_view record) {
  return dead_letter(reject, record, record.size());
}

TEST(DeadLetter, CarriesTheRecordAsAString) {
  EXPECT_EQ(
      dead_letter({Reason::NotPositive, "open"}, R"({"symbol":"A"})"),
      R"({"reason":"not_positive","field":"open","source":"bars.jsonl","position":7,"record":"{\"symbol\":\"A\"}"})");
  EXPECT_EQ(dead_letter({Reason::BadJson, {}}, "caf\xc3\xa9\t\x01\x7f"),
            "{\"reason\":\"bad_json\",\"field\":\"\",\"source\":\"bars.jsonl\",\"position\":7,\"record\":"
            "\"caf\xc3\xa9\\t\\u0001\x7f\"}");
}

// "\xff\xfe no text" is //4gbm8gdGV4dA== in base64.
TEST(DeadLetter, CarriesBytesThatAreNoTextAsBase64) {
  EXPECT_EQ(
      dead_letter({Reason::BadJson, {}}, "\xff\xfe no text"),
      R"({"reason":"bad_json","field":"","source":"bars.jsonl","position":7,"record":null,"record_base64":"//4gbm8gdGV4dA=="})");
}

TEST(DeadLetter, CarriesOnlyTheBeginningOfARecordThatIsTooLong) {
  const std::string record(max_record_bytes + 1, 'x');
  const std::string right = R"({"reason":"too_long","field":"","source":"bars.jsonl","position":7,"record":")" +
                            std::string(65'536, 'x') + R"(","record_bytes":65537})";
  EXPECT_EQ(dead_letter({Reason::TooLong, {}}, record), right);
  // The reader may have kept only the beginning.
  EXPECT_EQ(dead_letter({Reason::TooLong, {}}, std::string_view(record).substr(0, 65'536), 65'537), right);
}

TEST(DeadLetter, TheBeginningIsJudgedByItself) {
  // 65,535 letters, then a character of two bytes: the cut splits it.
  const std::string cut = std::string(65'535, 'x') + "\xc3\xa9";
  EXPECT_NE(dead_letter({Reason::TooLong, {}}, cut).find(R"("record":null,"record_base64":")"), std::string::npos);
  // What is wrong after the cut does not count.
  const std::string wrong_behind = std::string(65'536, 'x') + "\xff";
  EXPECT_EQ(dead_letter({Reason::TooLong, {}}, wrong_behind).find("record_base64"), std::string::npos);
}

TEST(DeadLetter, NamesItsSourceAsAString) {
  std::string out;
  append_dead_letter({Reason::BadJson, {}}, {"a \"b\"\\c\n", 1}, "", 0, out);
  EXPECT_EQ(out, R"({"reason":"bad_json","field":"","source":"a \"b\"\\c\n","position":1,"record":""})");
}

}  // namespace
}  // namespace tidemark
