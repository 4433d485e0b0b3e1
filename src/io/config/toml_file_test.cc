// tidemark.toml: what is understood, and how problems are told.
#include "io/config/toml_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace tidemark {
namespace {

constexpr std::array settings{
    SettingSpec{.name = "port"},
    SettingSpec{.name = "speed"},
    SettingSpec{.name = "exit-at-end", .kind = SettingKind::Switch},
    SettingSpec{.name = "symbols", .kind = SettingKind::List},
    SettingSpec{.name = "token", .kind = SettingKind::Secret},
};

class TomlFile : public ::testing::Test {
 protected:
  SettingsRead read(std::string_view text) {
    std::ofstream(file_) << text;
    return read_toml_file(file_, settings);
  }
  std::string only_problem(std::string_view text) {
    const auto found = read(text);
    EXPECT_EQ(found.problems.size(), 1u) << text;
    return found.problems.empty() ? "" : found.problems[0].message();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_ = [] {
    std::string name = (std::filesystem::path(::testing::TempDir()) / "tidemark_toml_XXXXXX").string();
    return std::filesystem::path(mkdtemp(name.data()));
  }();
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
  const auto found = read_toml_file(folder_ / "none.toml", settings);
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_TRUE(found.problems[0].message().starts_with("config: cannot read "));
  EXPECT_EQ(read_toml_file(folder_, settings).problems.size(), 1u) << "a folder is no file";
}

TEST_F(TomlFile, EmptyFileIsFine) {
  const auto found = read("# nothing yet\n");
  EXPECT_TRUE(found.problems.empty() && found.assignments.empty());
}

}  // namespace
}  // namespace tidemark
