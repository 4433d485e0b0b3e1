// tidemark.toml: what is understood, and how problems are told.
#include "io/config/toml_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

constexpr std::array file_settings{
    SettingSpec{.name = "port"},
    SettingSpec{.name = "speed"},
    SettingSpec{.name = "exit-at-end", .kind = SettingKind::Switch},
    SettingSpec{.name = "symbols", .kind = SettingKind::List},
    SettingSpec{.name = "token", .kind = SettingKind::Secret},
};

constexpr std::array watch_keys{
    SettingSpec{.name = "symbol", .argument = "NAME", .help = "whose bars"},
    SettingSpec{.name = "below", .argument = "PRICE"},
    SettingSpec{.name = "tags", .kind = SettingKind::List},
    SettingSpec{.name = "every", .argument = "TIME", .default_text = "1m"},
};
constexpr std::array<std::string_view, 1> watch_needs{"symbol"};
constexpr std::array tables{TableSpec{.name = "watch", .keys = watch_keys, .required = watch_needs}};

class TomlFile : public ::testing::Test {
 protected:
  SettingsRead read(std::string_view text) {
    std::ofstream(file_) << text;
    return read_toml_file(file_, file_settings);
  }
  SettingsRead read_with_tables(std::string_view text) {
    std::ofstream(file_) << text;
    return read_toml_file(file_, file_settings, tables);
  }
  // Of a file that may hold [[watch]].
  std::string only_problem_of_tables(std::string_view text) {
    const auto found = read_with_tables(text);
    EXPECT_EQ(found.problems.size(), 1u) << text;
    EXPECT_TRUE(found.tables.empty()) << text;
    return found.problems.empty() ? "" : found.problems[0].message();
  }
  std::string only_problem(std::string_view text) {
    const auto found = read(text);
    EXPECT_EQ(found.problems.size(), 1u) << text;
    return found.problems.empty() ? "" : found.problems[0].message();
  }

  const TemporaryFolder own_;
  const std::filesystem::path folder_ = own_.path();
  std::filesystem::path file_ = folder_ / "tidemark.toml";
};

TEST_F(TomlFile, TakesTextsNumbersSwitchesAndLists) {
  const auto found = read(
      "port = 9000\n"
      "speed = 0.5\n"
      "exit-at-end = true\n"
      "symbols = [\"AAPL\", \"MSFT\"]\n");
  EXPECT_TRUE(found.problems.empty());
  ASSERT_EQ(found.assignments.size(), 4u);
  const auto text_of = [&](std::string_view name) {
    for (const auto& assignment : found.assignments) {
      if (assignment.setting->name == name) return assignment.texts.at(0) + " " + assignment.origin;
    }
    return std::string();
  };
  EXPECT_EQ(text_of("port"), "9000 tidemark.toml:1");
  EXPECT_EQ(text_of("speed"), "0.5 tidemark.toml:2");
  EXPECT_EQ(text_of("exit-at-end"), "true tidemark.toml:3");
  EXPECT_EQ(text_of("symbols"), "AAPL tidemark.toml:4");
}

TEST_F(TomlFile, ListMayBeOneText) {
  const auto found = read("symbols = \"AAPL, MSFT\"");
  ASSERT_EQ(found.assignments.size(), 1u);
  EXPECT_EQ(found.assignments[0].texts, (std::vector<std::string>{"AAPL", "MSFT"}));
}

TEST_F(TomlFile, UnknownNameTellsLineAndNearest) {
  EXPECT_EQ(only_problem("\n\nprot = 1\n"), "tidemark.toml:3: no setting is called \"prot\"; did you mean \"port\"?");
}

TEST_F(TomlFile, SectionIsExplained) {
  EXPECT_NE(only_problem("[run]\nport = 1\n").find("tidemark.toml:1: \"run\" is a section"), std::string::npos);
}

TEST_F(TomlFile, SecretIsSentToTheEnvironmentAndNotRepeated) {
  const std::string problem = only_problem("token = \"0123456789abcdef\"\n");
  EXPECT_NE(problem.find("TIDEMARK_TOKEN"), std::string::npos);
  EXPECT_EQ(problem.find("0123456789abcdef"), std::string::npos);
}

TEST_F(TomlFile, WrongShapeIsAProblem) {
  EXPECT_EQ(only_problem("port = [1, 2]\n"), "tidemark.toml:1: \"port\" must be a text or a number");
  EXPECT_EQ(only_problem("port = 2026-01-01\n"), "tidemark.toml:1: \"port\" must be a text or a number");
}

TEST_F(TomlFile, BadTomlTellsTheLine) {
  EXPECT_TRUE(only_problem("port = 1\nspeed = \n").starts_with("tidemark.toml:2: this is not TOML: "));
  EXPECT_TRUE(only_problem("port = 1\nport = 2\n").starts_with("tidemark.toml:2: this is not TOML: "));
}

TEST_F(TomlFile, MissingFileIsAProblem) {
  const auto found = read_toml_file(folder_ / "none.toml", file_settings);
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_TRUE(found.problems[0].message().starts_with("config: cannot read "));
  EXPECT_EQ(read_toml_file(folder_, file_settings).problems.size(), 1u) << "a folder is no file";
}

TEST_F(TomlFile, TablesOfAKindAreReadInOrderWithTheirDefaults) {
  const auto found = read_with_tables(
      "port = 9000\n"
      "\n"
      "[[watch]]\n"
      "symbol = \"AAPL\"\n"
      "below = 170.5\n"
      "tags = [\"a\", \"b\"]\n"
      "\n"
      "[[watch]]\n"
      "symbol = \"MSFT\"\n"
      "every = \"5m\"\n");
  ASSERT_TRUE(found.problems.empty()) << found.problems[0].message();
  ASSERT_EQ(found.assignments.size(), 1u);
  ASSERT_EQ(found.tables.size(), 2u);
  const TableEntry& first = found.tables[0];
  const TableEntry& second = found.tables[1];
  EXPECT_EQ(name_of(first), "[[watch]] 1");
  EXPECT_EQ(first.origin, "tidemark.toml:3");
  ASSERT_EQ(first.values.size(), watch_keys.size());
  EXPECT_EQ(first.values[0].texts, std::vector<std::string>{"AAPL"});
  EXPECT_EQ(first.values[0].origin, "tidemark.toml:4");
  EXPECT_EQ(first.values[1].texts, std::vector<std::string>{"170.5"});
  EXPECT_EQ(first.values[2].texts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(first.values[3].texts, std::vector<std::string>{"1m"});
  EXPECT_EQ(first.values[3].origin, "default");
  EXPECT_EQ(name_of(second), "[[watch]] 2");
  EXPECT_EQ(second.origin, "tidemark.toml:8");
  EXPECT_TRUE(second.values[1].texts.empty());
  EXPECT_EQ(second.values[3].texts, std::vector<std::string>{"5m"});
}

TEST_F(TomlFile, TablesMayBeWrittenInOneLineAndThereMayBeNone) {
  const auto found = read_with_tables("watch = [{symbol = \"A\"}, {symbol = \"B\"}]\n");
  ASSERT_EQ(found.tables.size(), 2u);
  EXPECT_EQ(found.tables[1].origin, "tidemark.toml:1");
  EXPECT_TRUE(read_with_tables("watch = []\n").problems.empty());
}

TEST_F(TomlFile, FaultInATableNamesItsNumberKeyLineAndCure) {
  const std::string first = "[[watch]]\nsymbol = \"AAPL\"\n";
  const auto second_of = [&](std::string_view text) {
    const auto found = read_with_tables(first + "[[watch]]\n" + std::string(text));
    EXPECT_EQ(found.problems.size(), 1u) << text;
    EXPECT_EQ(found.tables.size(), 1u) << "the first is whole";
    return found.problems.empty() ? "" : found.problems[0].message();
  };
  EXPECT_EQ(second_of("symbol = \"B\"\nbelwo = 1\n"),
            "tidemark.toml:5: [[watch]] 2: no key is called \"belwo\"; did you mean \"below\"?");
  EXPECT_EQ(second_of("symbol = \"B\"\nbelow = [1]\n"),
            "tidemark.toml:5: [[watch]] 2: \"below\" must be a text or a number");
  EXPECT_EQ(second_of("below = 1\n"),
            "tidemark.toml:3: [[watch]] 2: \"symbol\" is missing: add symbol = \"NAME\", whose bars");
  EXPECT_EQ(
      second_of("symbol = \"B\"\nport = 9000\n"),
      "tidemark.toml:5: [[watch]] 2: \"port\" is a setting and no key of [[watch]]: write it above the first heading");
}

TEST_F(TomlFile, HeadingOfATableIsExplained) {
  EXPECT_EQ(only_problem_of_tables("[watch]\nsymbol = \"A\"\n"),
            "tidemark.toml:1: \"watch\" may occur several times: write its heading as [[watch]]");
  EXPECT_EQ(only_problem_of_tables("watch = 3\n"),
            "tidemark.toml:1: \"watch\" may occur several times: write its heading as [[watch]]");
  EXPECT_EQ(
      only_problem_of_tables("[[wacth]]\nsymbol = \"A\"\n"),
      "tidemark.toml:1: \"wacth\" is a section that this file does not have; it has [[watch]], and settings without "
      "a heading; did you mean \"[[watch]]\"?");
}

TEST_F(TomlFile, EmptyFileIsFine) {
  const auto found = read("# nothing yet\n");
  EXPECT_TRUE(found.problems.empty() && found.assignments.empty());
}

}  // namespace
}  // namespace tidemark
