#include <gtest/gtest.h>

#include "app/upkeep/backup_manifest.h"

namespace tidemark {
namespace {

constexpr std::string_view sample =
    "tidemark backup 1\n"
    "made 2026-11-24T05:00:00Z by 0.1.0\n"
    "log.db 9 cbf43926\n"
    "lake/bars/dt=2026-11-22/bars-000000000000-000000002000.parquet 5 00000000\n"
    "lake/bars/dt=2026-11-22/import-000003-000000.parquet 1 ffffffff\n"
    "end 3 15 CRC\n";

std::string with_crc(std::string text) {
  const auto end = text.rfind("end ");
  const auto crc = sum_of_bytes(text.substr(0, end)).crc;
  const auto place = text.find("CRC");
  char hex[9];
  std::snprintf(hex, sizeof hex, "%08x", crc);
  return text.replace(place, 3, hex);
}

TEST(BackupManifest, SaysWhatWasWritten) {
  const std::string text = with_crc(std::string(sample));
  const auto read = read_manifest(text);
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->files.size(), 3U);
  EXPECT_EQ(read->files[0], (BackupFile{"log.db", {9, 0xcbf43926}}));
  EXPECT_EQ(read->files[2], (BackupFile{"lake/bars/dt=2026-11-22/import-000003-000000.parquet", {1, 0xffffffff}}));
  EXPECT_EQ(read->bytes(), 15U);
  EXPECT_EQ(write_manifest(*read), text);
}

TEST(BackupManifest, AnyCutAndAnyChangedCharacterIsSeen) {
  const std::string text = with_crc(std::string(sample));
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(read_manifest(text.substr(0, size))) << "cut to " << size;
  for (std::size_t place = 0; place < text.size(); ++place) {
    std::string changed = text;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    EXPECT_FALSE(read_manifest(changed)) << "changed at " << place;
  }
  EXPECT_FALSE(read_manifest(text + "x"));
}

TEST(BackupManifest, NamesNothingThatADataDirectoryDoesNotHave) {
  for (const char* name :
       {"../log.db", "/etc/passwd", "tidemark.pid", "tidemark.sock", "symbols/x",
        "lake/bars/dt=2026-11-22/../../../x.parquet", "lake/bars/dt=2026-02-30/bars-000000000000-000000002000.parquet",
        "lake/bars/dt=2026-11-22/mine.parquet", "lake/secrets/dt=2026-11-22/x.parquet", ""}) {
    const auto read =
        read_manifest(with_crc("tidemark backup 1\nmade x\n" + std::string(name) + " 1 00000001\nend 1 1 CRC\n"));
    EXPECT_FALSE(read) << name;
  }
}

TEST(BackupManifest, RefusesAnotherVersionByName) {
  const auto read = read_manifest(with_crc("tidemark backup 2\nmade x\nend 0 0 CRC\n"));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("version 2"), std::string::npos) << read.error().message();
}

}  // namespace
}  // namespace tidemark
