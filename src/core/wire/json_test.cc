// The complete reader: the grammar of RFC 8259 and the contract's own rules (contract/semantics.md §1.4–1.8).
#include "core/wire/json.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tidemark {
namespace {

std::optional<Reason> reason_of(std::string_view text) {
  JsonReader reader;
  Fields fields;
  fields.clear();
  return reader.read(text, fields);
}

constexpr auto good_objects = std::to_array<std::string_view>({
    R"({})",
    " \t\r{ \t\r} \t\r",
    R"({"a":1})",
    R"({"a" : [ ] , "b" : { } })",
    R"({"a":[1,2,[3,{"b":[]}]]})",
    R"({"a":true,"b":false,"c":null})",
    R"({"":""})",
    R"({"a":0,"b":-0,"c":10,"d":-10.5,"e":1e5,"f":1E+5,"g":1e-5,"h":0.0,"i":0e0,"j":-0.0e-0})",
    R"({"a":"\"\\\/\b\f\n\r\t\u0000\u001F\uFFFF"})",
    R"({"a":"\ud83d\ude00"})",
    R"({"a":"\ud800"})",
    R"({"a":"\udc00\ud800"})",
    R"({"a":"\ud800\ud800\udc00"})",
    R"({"\ud800":1,"\udc00":2})",
    "{\"a\":\"\x7f\"}",
    "{\"a\":\"\xc2\x80\"}",
    "{\"a\":\"\xdf\xbf\"}",
    "{\"a\":\"\xe0\xa0\x80\"}",
    "{\"a\":\"\xed\x9f\xbf\"}",
    "{\"a\":\"\xee\x80\x80\"}",
    "{\"a\":\"\xef\xbf\xbf\"}",
    "{\"a\":\"\xef\xbb\xbf\"}",  // a byte order mark within a string is a character
    "{\"a\":\"\xf0\x90\x80\x80\"}",
    "{\"a\":\"\xf4\x8f\xbf\xbf\"}",
    R"({"a":{"b":1},"b":{"a":1}})",
    R"({"a":[{"a":1},{"a":1}]})",
    R"({"A":1,"a":2})",
});

TEST(Json, TakesEveryObjectOfTheGrammar) {
  for (const std::string_view text : good_objects) EXPECT_EQ(reason_of(text), std::nullopt) << text;
}

constexpr auto bad_texts = std::to_array<std::string_view>({"",
                                                            " ",
                                                            "{",
                                                            "}",
                                                            "{]",
                                                            "[}",
                                                            R"({"a")",
                                                            R"({"a":)",
                                                            R"({"a":1)",
                                                            R"({"a":1,)",
                                                            R"({"a":1,})",
                                                            R"({,})",
                                                            R"({"a"})",
                                                            R"({"a" 1})",
                                                            R"({"a"::1})",
                                                            R"({"a":1 "b":2})",
                                                            R"({"a":1,,"b":2})",
                                                            R"({a:1})",
                                                            R"({'a':1})",
                                                            R"({1:1})",
                                                            R"({null:1})",
                                                            R"({"a":[1,]})",
                                                            R"({"a":[,1]})",
                                                            R"({"a":[1 2]})",
                                                            R"({"a":[1})",
                                                            R"({"a":1}})",
                                                            R"({"a":1} x)",
                                                            R"({"a":1}{"b":2})",
                                                            R"({"a":1},)",
                                                            R"({"a":01})",
                                                            R"({"a":-01})",
                                                            R"({"a":00})",
                                                            R"({"a":+1})",
                                                            R"({"a":.5})",
                                                            R"({"a":5.})",
                                                            R"({"a":-})",
                                                            R"({"a":--1})",
                                                            R"({"a":1e})",
                                                            R"({"a":1e+})",
                                                            R"({"a":1e1.5})",
                                                            R"({"a":1.e5})",
                                                            R"({"a":0x10})",
                                                            R"({"a":1_000})",
                                                            R"({"a":NaN})",
                                                            R"({"a":Infinity})",
                                                            R"({"a":-Infinity})",
                                                            R"({"a":nan})",
                                                            R"({"a":True})",
                                                            R"({"a":tru})",
                                                            R"({"a":truee})",
                                                            R"({"a":nul})",
                                                            R"({"a":undefined})",
                                                            R"({"a":"})",
                                                            R"({"a":"b)",
                                                            R"({"a":"\"})",
                                                            R"({"a":"\x41"})",
                                                            R"({"a":"\u12"})",
                                                            R"({"a":"\u12G4"})",
                                                            R"({"a":"\U0041"})",
                                                            R"({"a":"\')"
                                                            R"("})",
                                                            "{\"a\":\"\t\"}",
                                                            "{\"a\":\"\x1f\"}",
                                                            "{\"a\nb\":1}",
                                                            R"({"a":1 // b)"
                                                            "\r}",
                                                            R"({"a":1 /* b */})",
                                                            "\xef\xbb\xbf{}",
                                                            "{\"a\":\"\x80\"}",
                                                            "{\"a\":\"\xc0\x80\"}",
                                                            "{\"a\":\"\xc1\xbf\"}",
                                                            "{\"a\":\"\xc2\"}",
                                                            "{\"a\":\"\xc2 \"}",
                                                            "{\"a\":\"\xe0\x9f\xbf\"}",
                                                            "{\"a\":\"\xe2\x82\"}",
                                                            "{\"a\":\"\xed\xa0\x80\"}",
                                                            "{\"a\":\"\xed\xbf\xbf\"}",
                                                            "{\"a\":\"\xf0\x8f\xbf\xbf\"}",
                                                            "{\"a\":\"\xf4\x90\x80\x80\"}",
                                                            "{\"a\":\"\xf5\x80\x80\x80\"}",
                                                            "{\"a\":\"\xff\"}",
                                                            "{\"\xff\":1}",
                                                            "{\"a\":\"\xf0\x9f\x98\"}"});

TEST(Json, RefusesAllElse) {
  for (const std::string_view text : bad_texts) EXPECT_EQ(reason_of(text), Reason::BadJson) << text;
  EXPECT_EQ(reason_of(std::string_view("{\"a\":1}\0", 8)), Reason::BadJson);
  EXPECT_EQ(reason_of(std::string_view("{\"a\":\"\0\"}", 9)), Reason::BadJson);
  EXPECT_EQ(reason_of(std::string_view("\0{}", 3)), Reason::BadJson);
}

TEST(Json, EveryBeginningOfAnObjectIsBad) {
  constexpr std::string_view whole = R"({"a":[1.5e3,{"b\u0041":"\ud83d\ude00"},true,null],"c":{}})";
  ASSERT_EQ(reason_of(whole), std::nullopt);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(reason_of(whole.substr(0, size)), Reason::BadJson) << whole.substr(0, size);
}

constexpr auto no_objects = std::to_array<std::string_view>(
    {"1", "-1.5e3", "null", "true", "false", R"("a")", "[]", "[{}]", " [1] ", R"([{"a":1,"a":2}])", R"("\ud800")"});

TEST(Json, AnythingElseThanAnObjectIsNamedSo) {
  for (const std::string_view text : no_objects) EXPECT_EQ(reason_of(text), Reason::NotAnObject) << text;
}

// `depth` nested arrays as the value of a member: the object itself is depth 1.
std::string nested(std::size_t depth, std::string_view inner = "") {
  return R"({"a":)" + std::string(depth - 1, '[') + std::string(inner) + std::string(depth - 1, ']') + "}";
}

TEST(Json, SixtyFourLevelsAreAllowed) {
  EXPECT_EQ(reason_of(nested(64)), std::nullopt);
  EXPECT_EQ(reason_of(nested(65)), Reason::TooDeep);
  EXPECT_EQ(reason_of(nested(64, "{}")), Reason::TooDeep);
  EXPECT_EQ(reason_of(nested(63, "{}")), std::nullopt);
  EXPECT_EQ(reason_of(nested(30'000)), Reason::TooDeep);
  EXPECT_EQ(reason_of(std::string(65'536, '[')), Reason::BadJson);
}

constexpr auto double_keys = std::to_array<std::string_view>({
    R"({"a":1,"a":1})",
    R"({"a":1,"b":2,"a":3})",
    R"({"":1,"":2})",
    R"({"open":1,"\u006fpen":2})",
    R"({"x":{"a":1,"a":2}})",
    R"({"x":[{"b":1},{"a":1,"a":2}]})",
    R"({"\ud83d\ude00":1,"😀":2})",
    R"({"\ud800":1,"\ud800":2})",
    R"({"\/":1,"/":2})",
    R"({"a":{"a":1},"a":2})",
});

TEST(Json, AKeyStandsOnceInAnObject) {
  for (const std::string_view text : double_keys) EXPECT_EQ(reason_of(text), Reason::DuplicateKey) << text;
}

TEST(Json, TheWorstIsNamed) {
  EXPECT_EQ(reason_of(R"({"a":1,"a":2)"), Reason::BadJson);
  EXPECT_EQ(reason_of(R"([{"a":1,"a":2}])"), Reason::NotAnObject);
  EXPECT_EQ(reason_of(std::string(100, '[') + std::string(100, ']')), Reason::NotAnObject);
  EXPECT_EQ(reason_of(std::string(100, '[')), Reason::BadJson);
  EXPECT_EQ(reason_of(R"({"b":1,"b":2,"a":)" + std::string(64, '[') + std::string(64, ']') + "}"), Reason::TooDeep);
}

TEST(Json, FillsTheFieldsOfTheTopOnly) {
  JsonReader reader;
  Fields fields;
  fields.clear();
  ASSERT_EQ(reader.read(
                R"({"x":{"open":1},"clos\u0065":2.5,"feed":"\u0069ex","vwap":null,"high":[3],"low":true,"volume":"4"})",
                fields),
            std::nullopt);
  EXPECT_FALSE(fields.has(FieldName::Open));
  EXPECT_EQ(fields[FieldName::Close].kind, ValueKind::Number);
  EXPECT_TRUE(fields[FieldName::Close].number.nanos == 2'500'000'000);
  EXPECT_EQ(fields[FieldName::Feed].kind, ValueKind::String);
  EXPECT_EQ(fields[FieldName::Feed].text, "iex");
  EXPECT_EQ(fields[FieldName::Vwap].kind, ValueKind::Null);
  EXPECT_EQ(fields[FieldName::High].kind, ValueKind::Other);
  EXPECT_EQ(fields[FieldName::Low].kind, ValueKind::Other);
  EXPECT_EQ(fields[FieldName::Volume].text, "4");
}

struct Unescaped {
  std::string_view json, text;
  bool lone_surrogate;
};
constexpr std::array escapes{
    Unescaped{R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t", false},
    Unescaped{R"("\u0041\u00e9\u20ac\ud83d\ude00")", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", false},
    Unescaped{R"("a\u0062c")", "abc", false},
    Unescaped{R"("\uD83D\uDE00x")", "\xf0\x9f\x98\x80x", false},
};

TEST(Json, DecodesEscapes) {
  for (const Unescaped& row : escapes) {
    JsonReader reader;
    Fields fields;
    fields.clear();
    const std::string text = R"({"symbol":)" + std::string(row.json) + R"(,"feed":)" + std::string(row.json) + "}";
    ASSERT_EQ(reader.read(text, fields), std::nullopt) << row.json;
    EXPECT_EQ(fields[FieldName::Symbol].text, row.text) << row.json;
    EXPECT_EQ(fields[FieldName::Feed].text, row.text) << row.json;
    EXPECT_EQ(fields[FieldName::Feed].lone_surrogate, row.lone_surrogate) << row.json;
  }
}

TEST(Json, TellsOfALoneSurrogate) {
  for (const std::string_view string :
       {R"(\ud800)", R"(a\udc00b)", R"(\ud800\u0041)", R"(\ud800\ud800\udc00)", R"(\ud800\n)"}) {
    JsonReader reader;
    Fields fields;
    fields.clear();
    const std::string text = R"({"feed":")" + std::string(string) + R"("})";
    ASSERT_EQ(reader.read(text, fields), std::nullopt) << string;
    EXPECT_TRUE(fields[FieldName::Feed].lone_surrogate) << string;
  }
}

TEST(Utf8, IsJudgedWhereverItStands) {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const auto among_letters = [&](std::string_view bytes) {
        return std::string(before, 'a') + std::string(bytes) + std::string(after, 'z');
      };
      for (const char* const good : {"", "\x7f", "\xc2\x80", "\xe2\x82\xac", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_utf8(among_letters(good))) << good;
      for (const char* const bad : {"\x80", "\xc1\x81", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"})
        EXPECT_FALSE(is_utf8(among_letters(bad))) << bad;
    }
  }
}

}  // namespace
}  // namespace tidemark
