#include "run/roles/registration_role.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tidemark {
namespace {

constexpr std::size_t most_looks = 20;   // at days in one step
constexpr std::size_t growing_days = 2;  // of a table: a late bar belongs to yesterday
constexpr const char* files_key = "tidemark.files";

// Which files were measured: how many, and a hash (FNV-1a) of their names.
std::string fingerprint(const std::vector<std::string>& files) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&](char letter) { hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3; };
  for (const std::string& file : files) {
    std::ranges::for_each(file, add);
    add('/');
  }
  return fmt::format("{}:{:016x}", files.size(), hash);
}

// The names under which Hive keeps these numbers. None of them makes Hive answer a question without reading: that would
// need COLUMN_STATS_ACCURATE, which nobody may claim of a day that grows.
std::map<std::string, std::string> as_parameters(const DaySize& size, std::string files) {
  return {{"numFiles", fmt::to_string(size.files)},
          {"numRows", fmt::to_string(size.rows)},
          {"totalSize", fmt::to_string(size.bytes)},
          {files_key, std::move(files)}};
}

}  // namespace

Result<std::size_t> RegistrationRole::do_work() {
  const EventTime now = clock_.now();
  if (!examined_at_ || now - *examined_at_ >= options_.examine_every || now < *examined_at_) return examine_all();
  auto done = add_new_days();
  if (done && *done == 0) done = measure_some();
  if (!done) examined_at_.reset();
  return done;
}

Result<std::size_t> RegistrationRole::examine_all() {
  std::size_t changed = 0;
  std::optional<Error> failure;
  std::vector<Known> tables;
  waiting_ = 0;
  for (const CatalogTable& wanted : wanted_) {
    auto report = examine(metastore_, lake_, wanted);
    if (!report) return std::unexpected(report.error());
    const TableReport before = *report;
    waiting_ += before.missing.size();
    if (before.difference.drift) {
      failure = Error::setup("hive: " + *before.difference.drift);
      continue;
    }
    auto mended = mend(metastore_, Mend::Additions, *report);
    changed += note(before, *report);
    if (!mended) return std::unexpected(mended.error());
    const auto same =
        std::ranges::find(tables_, wanted.name, [](const Known& each) { return each.report.wanted.name; });
    tables.push_back(
        {std::move(*report), same == tables_.end() ? std::map<std::string, EventTime>() : same->looked_at});
  }
  tables_ = std::move(tables);
  if (failure) return std::unexpected(*failure);
  examined_at_ = clock_.now();
  return changed;
}

std::size_t RegistrationRole::note(const TableReport& before, const TableReport& after) {
  const std::size_t tables = before.is_missing && !after.is_missing ? 1 : 0;
  const std::size_t columns = before.difference.missing.size() - after.difference.missing.size();
  const std::size_t partitions = before.missing.size() - after.missing.size();
  count_.tables += tables;
  count_.columns += columns;
  count_.partitions += partitions;
  waiting_ -= std::min(waiting_, partitions);
  return tables + columns + partitions;
}

Result<std::size_t> RegistrationRole::add_new_days() {
  std::size_t added = 0;
  for (Known& table : tables_) {
    const auto days = lake_.days(table.report.wanted.name);
    if (!days) return std::unexpected(days.error());
    for (const std::string& day : *days)
      if (!table.report.known.contains(day)) table.report.missing.push_back(day);
    waiting_ += table.report.missing.size();
    const TableReport before = table.report;
    const auto mended = mend(metastore_, Mend::Additions, table.report);
    added += note(before, table.report);
    if (!mended) return std::unexpected(mended.error());
  }
  return added;
}

Result<std::size_t> RegistrationRole::measure_some() {
  for (Known& table : tables_)
    if (auto looked = measure_some(table, most_looks); !looked || *looked > 0) return looked;
  return 0;
}

// The newest first: they are asked for most.
Result<std::size_t> RegistrationRole::measure_some(Known& table, std::size_t most) {
  const EventTime now = clock_.now();
  const auto& partitions = table.report.known;
  std::size_t age = 0, looked = 0;
  for (auto each = partitions.rbegin(); each != partitions.rend() && looked < most; ++each, ++age) {
    const std::string& day = each->first;
    const auto last = table.looked_at.find(day);
    const Duration every = age < growing_days ? options_.measure_every : options_.look_every;
    if (last != table.looked_at.end() && now - last->second < every && now >= last->second) continue;
    if (auto measured = measure(table, day); !measured) return std::unexpected(measured.error());
    table.looked_at[day] = now;
    ++looked;
  }
  return looked;
}

Result<void> RegistrationRole::measure(Known& table, const std::string& day) {
  CatalogPartition& known = table.report.known.at(day);
  const auto files = lake_.files(table.report.wanted.name, day);
  if (!files) return std::unexpected(files.error());
  const std::string print = fingerprint(*files);
  if (const auto kept = known.parameters.find(files_key); kept != known.parameters.end() && kept->second == print)
    return {};
  const auto size = lake_.size(table.report.wanted.name, day);
  if (!size) return std::unexpected(size.error());
  const auto parameters = as_parameters(*size, print);
  const CatalogPartition altered{.value = day, .location = known.location, .parameters = parameters};
  if (auto done = metastore_.alter_partitions(table.report.wanted, {&altered, 1}); !done) return done;
  for (const auto& [name, value] : parameters) known.parameters[name] = value;
  ++count_.sizes;
  return {};
}

}  // namespace tidemark
