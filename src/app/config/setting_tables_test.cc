// A kind of table from its entry in the table of kinds to what it means, with a kind that only this test knows.
#include "app/config/setting_tables.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "app/config/configuration.h"
#include "app/config/settings_document.h"
#include "app/config/value_text.h"
#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

struct Watch {
  std::string symbol;
  Duration every{};
};
std::vector<Watch> watches;  // in the place of a member of RunOptions

constexpr std::array watch_keys{
    RowKey<Watch>{{.name = "symbol", .argument = "NAME", .help = "whose bars"},
                  [](Watch& watch, const Assignment& said) -> std::expected<void, std::string> {
                    watch.symbol = said.texts.front();
                    return {};
                  }},
    RowKey<Watch>{{.name = "every", .argument = "TIME", .default_text = "1m", .help = "how often", .more = "More."},
                  [](Watch& watch, const Assignment& said) -> std::expected<void, std::string> {
                    const auto every = read_duration(said.texts.front(), 1s, 1h);
                    if (!every) return std::unexpected(every.error());
                    watch.every = *every;
                    return {};
                  }},
};
constexpr std::array<std::string_view, 1> watch_needs{"symbol"};
constexpr std::array kinds{
    RunTable{{.name = "watch", .help = "Looks at a symbol.", .keys = specs_of<watch_keys>, .required = watch_needs},
             [](RunOptions&, const TableEntry& entry) { return add_row(watches, watch_keys, entry); }}};

class SettingTables : public ::testing::Test {
 protected:
  Configuration configured_by(std::string_view toml) {
    std::ofstream(folder_ / "tidemark.toml") << toml;
    watches.clear();
    return configure({.flags = {}, .file = {}, .environment = {}, .folder = folder_, .tables = kinds});
  }

  const TemporaryFolder own_;
  const std::filesystem::path folder_ = own_.path();
};

TEST_F(SettingTables, EachTableBecomesARow) {
  const auto configuration =
      configured_by("[[watch]]\nsymbol = \"AAPL\"\n[[watch]]\nsymbol = \"MSFT\"\nevery = \"5m\"\n");
  ASSERT_TRUE(configuration.problems.empty()) << configuration.problems[0].message();
  ASSERT_EQ(watches.size(), 2u);
  EXPECT_EQ(watches[0].symbol, "AAPL");
  EXPECT_EQ(watches[0].every, 1min) << "the default";
  EXPECT_EQ(watches[1].symbol, "MSFT");
  EXPECT_EQ(watches[1].every, 5min);
}

TEST_F(SettingTables, WrongValueNamesNumberKeyLineAndCure) {
  const auto configuration = configured_by("[[watch]]\nsymbol = \"A\"\n[[watch]]\nsymbol = \"B\"\nevery = \"2d\"\n");
  ASSERT_EQ(configuration.problems.size(), 1u);
  EXPECT_EQ(configuration.problems[0].message(),
            "[[watch]] 2: every: must be a time from 1s to 1h, like 90s, 5m, 2h or 1d, not \"2d\" (tidemark.toml:5)");
  EXPECT_TRUE(configuration.problems[0].is_setup());
}

TEST_F(SettingTables, WhatHoldsIsShownByTableAndKey) {
  const auto shown = shown_settings(configured_by("[[watch]]\nsymbol = \"AAPL\"\n"));
  ASSERT_GE(shown.size(), 2u);
  EXPECT_EQ(shown[shown.size() - 2].name, "watch[1].symbol");
  EXPECT_EQ(shown[shown.size() - 2].value, "AAPL");
  EXPECT_EQ(shown[shown.size() - 2].origin, "tidemark.toml:2");
  EXPECT_EQ(shown.back().name, "watch[1].every");
  EXPECT_EQ(shown.back().origin, "default");
}

constexpr std::array few_settings{
    SettingSpec{"feed", SettingKind::Value, "Feeds", "a|b", "a", "whence", "FEED", "Or *not*"},
    SettingSpec{"token", SettingKind::Secret, "Feeds", "TOKEN", "", "the token"}};

TEST_F(SettingTables, SchemaHasAnArrayForEachKind) {
  EXPECT_EQ(settings_schema(few_settings, table_specs(kinds)), R"({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "tidemark.toml",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "feed": {"type":["string","number"],"description":"whence","default":"a"},
    "watch": {"type":"array","description":"Looks at a symbol.",
      "items": {"type":"object","additionalProperties":false,"required":["symbol"],"properties":{
        "symbol": {"type":["string","number"],"description":"whose bars"},
        "every": {"type":["string","number"],"description":"how often","default":"1m"}
      }}}
  }
}
)");
}

TEST_F(SettingTables, MarkdownHasASectionForEachKind) {
  EXPECT_EQ(settings_markdown(few_settings, table_specs(kinds)), R"(### Feeds

| name | value | default | meaning | also known as |
|---|---|---|---|---|
| `feed` | `a`, `b` | `a` | whence. Or *not* | `FEED` |
| `token` | `TOKEN` |  | the token; environment and `.env` only |  |

### [[watch]]

Looks at a symbol.

| key | value | default | meaning |
|---|---|---|---|
| `symbol` | `NAME` | required | whose bars |
| `every` | `TIME` | `1m` | how often. More. |
)");
}

TEST_F(SettingTables, JsonNamesTheKind) {
  EXPECT_EQ(settings_as_json({}, table_specs(kinds)),
            R"({"name":"symbol","kind":"value","table":"watch","argument":"NAME","default":"","help":"whose bars"}
{"name":"every","kind":"value","table":"watch","argument":"TIME","default":"1m","help":"how often"}
)");
}

}  // namespace
}  // namespace tidemark
