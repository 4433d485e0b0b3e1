// JSON of the control plane: what is read, and what is refused.
#include "io/net/json_value.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

TEST(JsonValue, ReadsATree) {
  const auto read = parse_json(R"( {"sql":"SELECT \"a\"\n\u00e9","max_rows":5,"list":["A",null,true,1.5]} )");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->text_of("sql"), "SELECT \"a\"\n\xc3\xa9");
  EXPECT_EQ(read->integer_of("max_rows"), 5);
  EXPECT_EQ(read->text_of("max_rows"), std::nullopt);
  EXPECT_EQ(read->find("nothing"), nullptr);
  const JsonValue* const list = read->find("list");
  ASSERT_EQ(list->items.size(), 4u);
  EXPECT_EQ(list->items[0].text, "A");
  EXPECT_EQ(list->items[1].kind, JsonValue::Kind::Null);
  EXPECT_TRUE(list->items[2].boolean);
  EXPECT_EQ(list->items[3].kind, JsonValue::Kind::Real);
}

TEST(JsonValue, RefusesWhatIsNone) {
  for (const std::string& text : {std::string(""), std::string("{"), std::string("{}x"), std::string("{'a':1}"),
                                  std::string("\"\xff\""), std::string(40, '[') + std::string(40, ']')}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
}

}  // namespace
}  // namespace tidemark
