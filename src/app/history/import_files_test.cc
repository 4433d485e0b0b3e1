// Folders stand for the files in them, and Hive's folders give the symbol.
#include "app/history/import_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tidemark {
namespace {

TEST(ImportFiles, ReadsTheSymbolOfHivesFolders) {
  EXPECT_EQ(symbol_of_folders("bars/symbol=AAPL/dt=2024-01-02/part-0.parquet"), "AAPL");
  EXPECT_EQ(symbol_of_folders("dt=2024-01-02/symbol=BTC%2FUSD/part-0.csv"), "BTC/USD");
  EXPECT_EQ(symbol_of_folders("ticker=BRK.B/x.csv"), "BRK.B");
  EXPECT_EQ(symbol_of_folders("bars/dt=2024-01-02/part-0.parquet"), std::nullopt);
  EXPECT_EQ(symbol_of_folders("symbol=/x.csv"), std::nullopt);
  EXPECT_EQ(symbol_of_folders("symbol=AAPL"), std::nullopt) << "that is the file itself";
  EXPECT_EQ(symbol_of_folders("symbol=A%2/x.csv"), "A%2") << "no escape";
}

TEST(ImportFiles, TakesAFolderForWhatIsInIt) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "import_files";
  std::filesystem::remove_all(folder);
  for (const auto* name : {"b/2.csv", "a.csv", "_SUCCESS", "b/.1.csv.crc", "_temporary/0.csv"}) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << "x";
  }
  const auto files = files_of({"x.csv", folder.string(), "-"});
  ASSERT_TRUE(files) << files.error().message();
  EXPECT_EQ(*files,
            (std::vector<std::string>{"x.csv", (folder / "a.csv").string(), (folder / "b/2.csv").string(), "-"}));
  std::filesystem::create_directories(folder / "empty");
  EXPECT_FALSE(files_of({(folder / "empty").string()}));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tidemark
