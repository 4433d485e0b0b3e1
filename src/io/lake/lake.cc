#include "io/lake/lake.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "core/time/day_text.h"
#include "core/time/timestamp.h"

namespace tidemark {
namespace {

constexpr std::string_view day_prefix = "dt=";
constexpr std::string_view file_suffix = ".parquet";
constexpr std::string_view import_kind = "import";

std::string_view kind_of(LakeTable table) { return table == LakeTable::Trends ? "trends" : "bars"; }

// Takes "-" and a number off the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
  if (!text.starts_with('-')) return std::nullopt;
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return number;
}

bool is_parquet(std::string_view name) { return name.ends_with(file_suffix) && !name.starts_with('.'); }

// The name of a day for DayExchange.
std::string key_of(LakeTable table, LakeDay day) {
  return fmt::format("{}.{}{}", to_string(table), day_prefix, to_text(day));
}

}  // namespace

std::string to_text(LakeDay day) { return format_date(EventTime{day}); }

std::optional<LakeFile> parse_lake_file(LakeTable table, std::string_view name) {
  if (!is_parquet(name)) return std::nullopt;
  LakeFile file{.name = std::string(name)};
  std::string_view rest = name.substr(0, name.size() - file_suffix.size());
  const bool is_import = table == LakeTable::Bars && rest.starts_with(import_kind);
  const std::string_view kind = is_import ? import_kind : kind_of(table);
  if (!rest.starts_with(kind)) return std::nullopt;
  rest.remove_prefix(kind.size());
  const auto first = take_number(rest), second = take_number(rest);
  if (!first || !second) return std::nullopt;
  if (is_import) {
    file.imported = *first;
    file.part = *second;
    return rest.empty() && file.imported > 0 ? std::optional(file) : std::nullopt;
  }
  file.from = *first;
  file.to = *second;
  if (!rest.empty()) {
    const auto part = take_number(rest);
    if (!part) return std::nullopt;
    file.part = *part;
  }
  return rest.empty() && file.from <= file.to ? std::optional(file) : std::nullopt;
}

std::string published_name(LakeTable table, Position from, Position to, std::int64_t part) {
  const std::string name = fmt::format("{}-{:012}-{:012}", kind_of(table), from, to);
  return part == 0 ? fmt::format("{}{}", name, file_suffix) : fmt::format("{}-{:06}{}", name, part, file_suffix);
}

std::string import_name(std::int64_t number, std::int64_t part) {
  return fmt::format("{}-{:06}-{:06}{}", import_kind, number, part, file_suffix);
}

std::int64_t free_part(std::span<const LakeFile> files, Position from, Position to) {
  std::int64_t part = 0;
  for (const LakeFile& file : files)
    if (file.imported == 0 && file.from == from && file.to == to) part = std::max(part, file.part + 1);
  return part;
}

std::string Lake::table_folder(LakeTable table) const { return fmt::format("{}/{}", folder_, to_string(table)); }

std::string Lake::folder_of(LakeTable table, LakeDay day) const {
  return fmt::format("{}/{}{}", table_folder(table), day_prefix, to_text(day));
}

std::string Lake::path_of(LakeTable table, LakeDay day, std::string_view name) const {
  return fmt::format("{}/{}", folder_of(table, day), name);
}

Result<std::vector<LakeDay>> Lake::days(LakeTable table) const {
  const auto names = disk_->list(table_folder(table));
  if (!names) return std::unexpected(names.error());
  std::vector<LakeDay> days;
  for (const std::string& name : *names) {
    if (!name.starts_with(day_prefix)) continue;
    if (const auto day = parse_day(std::string_view(name).substr(day_prefix.size()))) days.push_back(*day);
  }
  std::ranges::sort(days);
  return days;
}

Result<std::vector<LakeFile>> Lake::files(LakeTable table, LakeDay day) const {
  const std::string folder = folder_of(table, day);
  const auto names = disk_->list(folder);
  if (!names) return std::unexpected(names.error());
  std::vector<LakeFile> files;
  for (const std::string& name : *names) {
    if (!is_parquet(name)) continue;
    auto file = parse_lake_file(table, name);
    if (!file)
      return std::unexpected(Error::permanent(
          fmt::format("{}/{} is no file of the lake, but every reader would read it: move it away", folder, name)));
    files.push_back(std::move(*file));
  }
  return files;
}

Result<std::unique_ptr<DiskLock>> Lake::lock_restating(Disk::Wait wait) const {
  const DayExchange days = exchange();
  if (auto can = days.is_possible(); !can) return std::unexpected(can.error());
  auto lock = disk_->lock(restating_path(), wait);
  if (!lock || days.is_one_step()) return lock;
  if (auto finished = days.finish_killed(); !finished) return std::unexpected(finished.error());
  return lock;
}

Result<void> Lake::finish_left_behind() const {
  const DayExchange days = exchange();
  if (!days.is_possible() || days.is_one_step()) return {};
  const auto left = days.has_left_behind();
  if (!left) return std::unexpected(left.error());
  if (!*left) return {};
  const auto lock = disk_->lock(restating_path(), Disk::Wait::No);
  return lock ? days.finish_killed() : Result<void>{};
}

Result<void> Lake::open() const {
  for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars})
    if (auto made = disk_->make_folder(table_folder(table)); !made) return made;
  if (!exchange().is_possible()) return {};
  const auto lock = disk_->lock(restating_path(), Disk::Wait::No);
  if (!lock) return {};  // another process is remaking days, and cleans up itself
  return exchange().finish_killed();
}

Result<std::string> Lake::begin_day(LakeTable table, LakeDay day) const { return exchange().begin(key_of(table, day)); }

Result<void> Lake::exchange_day(LakeTable table, LakeDay day, std::span<const LakeFile> replaced,
                                OtherFiles others) const {
  const auto publishing = lock_publishing();
  if (!publishing) return std::unexpected(publishing.error());
  const auto now = files(table, day);
  if (!now) return std::unexpected(now.error());
  std::set<std::string> names;
  for (const LakeFile& file : replaced) names.insert(file.name);
  const auto is_replaced = [&](const LakeFile& file) { return names.contains(file.name); };
  const auto found = static_cast<std::size_t>(std::ranges::count_if(*now, is_replaced));
  if (found < names.size() || (others == OtherFiles::Refused && now->size() > found))
    return std::unexpected(Error::retryable(fmt::format("{} has changed while it was read", folder_of(table, day))));
  return exchange().exchange(key_of(table, day), names);
}

void Lake::give_up_day(LakeTable table, LakeDay day) const { (void)exchange().give_up(key_of(table, day)); }

}  // namespace tidemark
