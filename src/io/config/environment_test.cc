// Settings from the environment and .env.
#include "io/config/environment.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "io/disk/temporary_folder_test.h"

namespace tidemark {
namespace {

constexpr std::array variables_known{
    SettingSpec{.name = "port"},
    SettingSpec{.name = "store-every"},
    SettingSpec{.name = "symbols", .kind = SettingKind::List, .alias = "SYMBOLS"},
    SettingSpec{.name = "alpaca-api-key", .kind = SettingKind::Secret, .alias = "ALPACA_API_KEY"},
};

SettingsRead read(std::vector<std::string_view> variables) { return read_environment(variables, variables_known); }

class EnvFile : public ::testing::Test {
 protected:
  SettingsRead read_file(std::string_view text) {
    std::ofstream(file_) << text;
    return read_env_file(file_, variables_known);
  }

  const TemporaryFolder own_;
  const std::filesystem::path folder_ = own_.path();
  std::filesystem::path file_ = folder_ / ".env";
};

TEST(Environment, KnowsASettingByItsName) {
  const auto found = read({"TIDEMARK_STORE_EVERY=30s", "HOME=/root"});
  ASSERT_EQ(found.assignments.size(), 1u);
  EXPECT_EQ(found.assignments[0].setting->name, "store-every");
  EXPECT_EQ(found.assignments[0].texts, std::vector<std::string>{"30s"});
  EXPECT_EQ(found.assignments[0].origin, "TIDEMARK_STORE_EVERY");
  EXPECT_TRUE(found.problems.empty());
}

TEST(Environment, KnowsTheNamesPeopleHaveAlready) {
  const auto found = read({"SYMBOLS=AAPL, MSFT"});
  ASSERT_EQ(found.assignments.size(), 1u);
  EXPECT_EQ(found.assignments[0].texts, (std::vector<std::string>{"AAPL", "MSFT"}));
}

TEST(Environment, OwnNameGoesBeforeTheAliasInAnyOrder) {
  for (const auto& variables : {std::vector<std::string_view>{"SYMBOLS=A", "TIDEMARK_SYMBOLS=B"},
                                std::vector<std::string_view>{"TIDEMARK_SYMBOLS=B", "SYMBOLS=A"}}) {
    const auto found = read(variables);
    ASSERT_EQ(found.assignments.size(), 1u);
    EXPECT_EQ(found.assignments[0].texts, std::vector<std::string>{"B"});
  }
}

TEST(Environment, EmptyMeansNotSet) { EXPECT_TRUE(read({"TIDEMARK_PORT=", "SYMBOLS="}).assignments.empty()); }

TEST(Environment, UnknownNameOfOursIsAProblemThatNamesTheNearest) {
  const auto found = read({"TIDEMARK_PROT=80", "OTHER_PROT=80"});
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_EQ(found.problems[0].message(), "no setting is called TIDEMARK_PROT; did you mean \"TIDEMARK_PORT\"?");
  EXPECT_TRUE(found.problems[0].is_setup());
}

TEST(Environment, NamesOfTheHouseAreNoProblem) {
  EXPECT_TRUE(read({"TIDEMARK_JOBS=2", "TIDEMARK_SHARED=/x", "TIDEMARK_CONFIG=a.toml"}).problems.empty());
}

TEST(Environment, SecretIsHeldAsSecretOnly) {
  const auto found = read({"ALPACA_API_KEY=PKXXXXXXXX"});
  ASSERT_EQ(found.assignments.size(), 1u);
  EXPECT_TRUE(found.assignments[0].texts.empty());
  EXPECT_EQ(found.assignments[0].secret.reveal(), "PKXXXXXXXX");
}

TEST_F(EnvFile, UnderstandsWhatPeopleWrite) {
  const auto found = read_file(
      "# a comment\n"
      "\n"
      "export TIDEMARK_PORT=9000   # behind the proxy\n"
      "TIDEMARK_STORE_EVERY = \"45s\"\r\n"
      "SYMBOLS='AAPL,TSLA'\n"
      "OTHERS_NAME=whatever\n"
      "a line that is nothing\n");
  EXPECT_TRUE(found.problems.empty());
  ASSERT_EQ(found.assignments.size(), 3u);
  EXPECT_EQ(found.assignments[0].texts, std::vector<std::string>{"9000"});
  EXPECT_EQ(found.assignments[0].origin, ".env:3 (TIDEMARK_PORT)");
  EXPECT_EQ(found.assignments[1].texts, std::vector<std::string>{"45s"});
  EXPECT_EQ(found.assignments[2].texts, (std::vector<std::string>{"AAPL", "TSLA"}));
  EXPECT_EQ(found.assignments[2].origin, ".env:5 (SYMBOLS)");
}

TEST_F(EnvFile, ProblemHasFileAndLine) {
  const auto found = read_file("\nTIDEMARK_STORE_EVRY=45s\n");
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_EQ(found.problems[0].message(),
            ".env:2: no setting is called TIDEMARK_STORE_EVRY; did you mean \"TIDEMARK_STORE_EVERY\"?");
}

TEST_F(EnvFile, MissingFileHoldsNothing) {
  const auto found = read_env_file(folder_ / "nothing", variables_known);
  EXPECT_TRUE(found.assignments.empty() && found.problems.empty());
}

}  // namespace
}  // namespace tidemark
