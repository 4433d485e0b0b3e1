// A lake of one codec becomes one of another, file by file, and nothing else about it changes.
#include "io/lake/lake_rewriter.h"

#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <stdlib.h>

#include <filesystem>
#include <set>

#include "core/time/day_text.h"
#include "io/disk/posix_disk.h"
#include "io/lake/imports.h"
#include "io/lake/lake_rows.h"
#include "io/lake/parquet_store.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const LakeDay rewritten_day = *parse_day("2026-11-22");
const DayOfTable bars_of_day{"bars", rewritten_day};

class LakeRewriterTest : public ::testing::Test {
 public:
  LakeRewriterTest() { EXPECT_TRUE(lake.open().has_value()); }
  ~LakeRewriterTest() override { fs::remove_all(folder); }

 protected:
  fs::path bars() const { return folder / "bars/dt=2026-11-22"; }

  // Publishes a bar for each position in its own file, [from, from + 1).
  void publish(std::initializer_list<Position> positions, PageCompression codec) {
    auto store = open_parquet_store({.directory = folder.string(), .compression = codec}, *disk);
    ASSERT_TRUE(store.has_value());
    for (const Position position : positions) {
      JudgedBar bar{.symbol = "AAPL", .position = position};
      bar.values.time = EventTime{rewritten_day} + 1min * position;
      bar.values.open = bar.values.high = bar.values.low = bar.values.close = Price{1'000'000'000};
      ASSERT_TRUE((*store)->publish({.bars_from = position, .bars_to = position + 1, .bars = {bar}}).has_value());
    }
  }

  // A file of the lake becomes that of an import.
  void make_import(Position position, const std::string& name) const {
    fs::rename(bars() / published_name(LakeTable::Bars, position, position + 1), bars() / name);
  }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(bars())) found.insert(entry.path().filename().string());
    return found;
  }

  bool is_snappy(const std::string& name) const {
    return is_packed_as(*parquet::ParquetFileReader::OpenFile((bars() / name).string())->metadata(),
                        PageCompression::Snappy);
  }

  std::vector<std::int64_t> positions() const {
    std::vector<std::string> paths;
    for (const std::string& name : names()) paths.push_back((bars() / name).string());
    const auto rows =
        LakeRows::open(*disk, LakeTable::Bars, paths, EventTime::min(), EventTime::max(), LakeRows::Keep::All);
    return rows->integers("position", {0, rows->size()})->values;
  }

  static fs::path make_folder() {
    std::string pattern = (fs::temp_directory_path() / "tidemark-rewriter-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  fs::path folder = make_folder();
  std::unique_ptr<Disk> disk = make_posix_disk();
  Lake lake{*disk, folder.string(), PageCompression::Snappy};
  LakeRewriter rewriter{lake};
};

TEST_F(LakeRewriterTest, FilesOfAnotherCodecAreWrittenAnewAndOthersStay) {
  publish({0, 1, 2, 3}, PageCompression::Zstd);
  make_import(2, "import-000001-000000.parquet");
  publish({2}, PageCompression::Snappy);
  make_import(2, "import-000001-000001.parquet");
  const Published published{.trends = 0, .bars = 3};
  EXPECT_EQ(rewriter.due(published), std::vector<DayOfTable>{bars_of_day});
  const auto done = rewriter.rewrite(bars_of_day, published);
  ASSERT_TRUE(done.has_value()) << done.error().message();
  EXPECT_EQ(done->files, 3U);
  EXPECT_EQ(done->rows, 3U);
  EXPECT_EQ(names(), (std::set<std::string>{"bars-000000000000-000000000002.parquet",
                                            "bars-000000000003-000000000004.parquet",  // may be published again
                                            "import-000001-000001.parquet", "import-000001-000002.parquet"}));
  EXPECT_TRUE(is_snappy("bars-000000000000-000000000002.parquet"));
  EXPECT_TRUE(is_snappy("import-000001-000002.parquet"));
  EXPECT_FALSE(is_snappy("bars-000000000003-000000000004.parquet"));
  EXPECT_EQ(positions(), (std::vector<std::int64_t>{0, 1, 2, 2, 3}));
  EXPECT_EQ(rewriter.due(published), std::vector<DayOfTable>{});
  EXPECT_EQ(rewriter.rewrite(bars_of_day, published)->files, 0U) << "there is nothing left to do";
}

TEST_F(LakeRewriterTest, OneFileGetsANameThatItsDayHasNotHad) {
  publish({0}, PageCompression::Zstd);
  ASSERT_TRUE(rewriter.rewrite(bars_of_day, {.trends = 0, .bars = 1}).has_value());
  EXPECT_EQ(names(), std::set<std::string>{"bars-000000000000-000000000001-000001.parquet"});
}

TEST_F(LakeRewriterTest, AnImportThatWasKilledWhileItShowedItsFilesIsFinishedFirst) {
  publish({0, 1}, PageCompression::Zstd);
  const Imports imports(lake);
  ASSERT_EQ(imports.begin(), 1);
  fs::rename(bars() / "bars-000000000000-000000000001.parquet", imports.path_of_part(1, rewritten_day, 0));
  fs::rename(bars() / "bars-000000000001-000000000002.parquet", imports.path_of_part(1, rewritten_day, 1));
  ASSERT_TRUE(imports.commit(1, "{}", {}).has_value());
  fs::rename(folder / ".imports/000001.showing/2026-11-22.000000", bars() / "import-000001-000000.parquet");
  ASSERT_TRUE(rewriter.rewrite(bars_of_day, {}).has_value());
  EXPECT_EQ(names(), (std::set<std::string>{"import-000001-000002.parquet", "import-000001-000003.parquet"}));
  EXPECT_EQ(positions(), (std::vector<std::int64_t>{0, 1}));
}

TEST_F(LakeRewriterTest, ADayWithADamagedFileStaysAsItIs) {
  publish({0, 1}, PageCompression::Zstd);
  const auto file = bars() / "bars-000000000001-000000000002.parquet";
  fs::resize_file(file, fs::file_size(file) - 3);
  const auto before = names();
  const auto done = rewriter.rewrite(bars_of_day, {.trends = 0, .bars = 2});
  ASSERT_FALSE(done.has_value() || done.error().is_retryable());
  EXPECT_NE(done.error().message().find(file.string()), std::string::npos) << done.error().message();
  EXPECT_EQ(names(), before);
  EXPECT_TRUE(disk->list((folder / ".anew").string())->empty());
}

}  // namespace
}  // namespace tidemark
