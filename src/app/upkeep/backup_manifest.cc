#include "app/upkeep/backup_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "app/data_dir/chosen_symbols.h"
#include "core/time/day_text.h"
#include "io/lake/lake.h"

namespace tidemark {
namespace {

constexpr std::string_view title = "tidemark backup ";
constexpr std::string_view version = "1";

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

// Removes and returns the last word of the line, with the space before it.
std::string_view take_last_word(std::string_view& line) {
  const auto space = line.rfind(' ');
  if (space == line.npos) return {};
  const std::string_view word = line.substr(space + 1);
  line = line.substr(0, space);
  return word;
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base) {
  Number value{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

// Only these names are accepted, so a manifest cannot name a path outside the directory.
bool is_ours(std::string_view name) {
  if (name == log_name || name == chosen_symbols_name) return true;
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
    const std::string folder = fmt::format("{}/{}/dt=", lake_folder_name, to_string(table));
    if (!name.starts_with(folder)) continue;
    const std::string_view rest = name.substr(folder.size());
    const auto slash = rest.find('/');
    return slash != rest.npos && parse_day(rest.substr(0, slash)) && parse_lake_file(table, rest.substr(slash + 1)) &&
           rest.find('/', slash + 1) == rest.npos;
  }
  return false;
}

std::optional<BackupFile> read_file(std::string_view line) {
  const auto crc = number<std::uint32_t>(take_last_word(line), 16);
  const auto bytes = number<std::uint64_t>(take_last_word(line), 10);
  if (!crc || !bytes || !is_ours(line)) return std::nullopt;
  return BackupFile{std::string(line), {*bytes, *crc}};
}

std::string last_line(const BackupManifest& manifest, std::string_view above) {
  return fmt::format("end {} {} {:08x}\n", manifest.files.size(), manifest.bytes(), sum_of_bytes(above).crc);
}

}  // namespace

std::uint64_t BackupManifest::bytes() const {
  std::uint64_t all = 0;
  for (const BackupFile& file : files) all += file.sum.bytes;
  return all;
}

std::string write_manifest(const BackupManifest& manifest) {
  std::string text = fmt::format("{}{}\nmade {}\n", title, version, manifest.made);
  for (const BackupFile& file : manifest.files)
    text += fmt::format("{} {} {:08x}\n", file.name, file.sum.bytes, file.sum.crc);
  return text + last_line(manifest, text);
}

Result<BackupManifest> read_manifest(std::string_view text) {
  const std::string_view whole = text;
  std::string_view first = take_line(text);
  if (!first.starts_with(title)) return std::unexpected(Error::permanent("it does not begin as a manifest does"));
  first.remove_prefix(title.size());
  if (first != version)
    return std::unexpected(Error::permanent(
        fmt::format("it has version {}, this program knows version {}; use the program that made it", first, version)));
  BackupManifest manifest;
  std::string_view made = take_line(text);
  if (!made.starts_with("made ")) return std::unexpected(Error::permanent("its second line is damaged"));
  manifest.made = made.substr(5);
  while (!text.empty() && !text.starts_with("end ")) {
    const std::string_view line = take_line(text);
    auto file = read_file(line);
    if (!file) return std::unexpected(Error::permanent(fmt::format("this line is damaged: {}", line)));
    manifest.files.push_back(std::move(*file));
  }
  if (text != last_line(manifest, whole.substr(0, whole.size() - text.size())))
    return std::unexpected(Error::permanent("its last line does not agree with those before"));
  return manifest;
}

}  // namespace tidemark
