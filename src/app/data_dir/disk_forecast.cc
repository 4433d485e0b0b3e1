#include "app/data_dir/disk_forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "app/data_dir/lake_place.h"
#include "io/embedded/embedded_log.h"

namespace tidemark {
namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr double day = 86'400;
constexpr double least_time = 3'600;  // of observed growth; less does not predict days
constexpr double looked_back = 7 * day;
constexpr double soon = 14 * day;
constexpr double far_away = 5 * 365 * day;

struct Grown {
  double bytes = 0, seconds = 0;
  double rate() const { return seconds >= least_time ? bytes / seconds : 0; }
};

// The growth of the lake within the last week, or since it began.
Grown growth_of_lake(const fs::path& lake) {
  Grown grown;
  const auto now = fs::file_time_type::clock::now();
  double oldest = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(lake, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (entry->path().extension() != ".parquet") continue;
    const double age = Seconds(now - entry->last_write_time(gone)).count();
    const auto size = entry->file_size(gone);
    if (gone) continue;
    oldest = std::max(oldest, age);
    if (age <= looked_back) grown.bytes += static_cast<double>(size);
  }
  grown.seconds = std::min(oldest, looked_back);
  return grown;
}

// The size of the log, and the time in which it grew.
Result<Grown> growth_of_log(const fs::path& data) {
  const auto log = open_embedded_log({.directory = data.string(), .read_only = true});
  if (!log) return std::unexpected(log.error());
  const auto begin = (*log)->begin(Topic::Bars);
  const auto bytes = (*log)->bytes();
  if (!begin || !bytes) return std::unexpected(begin ? bytes.error() : begin.error());
  const auto first = (*log)->poll(Topic::Bars, *begin, 1), last = (*log)->tail(Topic::Bars, 1);
  if (!first || !last) return std::unexpected(first ? last.error() : first.error());
  if (first->empty() || last->empty()) return Grown{};
  return Grown{static_cast<double>(*bytes), Seconds((*last)[0].ingested_at - (*first)[0].ingested_at).count()};
}

// How much the log can still grow before retention removes as much as arrives.
std::optional<double> growth_left(const Grown& log, const RetentionOptions& retention) {
  std::optional<double> most;
  if (retention.keep) most = log.rate() * Seconds(*retention.keep).count();
  if (retention.most_bytes) {
    const auto size = static_cast<double>(*retention.most_bytes);
    most = most ? std::min(*most, size) : size;
  }
  if (!most) return std::nullopt;
  return std::max(0.0, *most - log.bytes);
}

std::string amount_text(double bytes) {
  return bytes >= 1e9 ? fmt::format("{:.1f} GB", bytes / 1e9) : fmt::format("{:.1f} MB", bytes / 1e6);
}

}  // namespace

std::optional<double> time_until_full(const DiskGrowth& growth) {
  const double both = growth.lake_rate + growth.log_rate;
  const double log_time = growth.log_rate <= 0 ? 0 : growth.log_left.value_or(growth.free) / growth.log_rate;
  if (both * log_time >= growth.free && both > 0) return growth.free / both;
  if (growth.lake_rate <= 0) return std::nullopt;
  return log_time + (growth.free - both * log_time) / growth.lake_rate;
}

Check forecast_disk(const RunOptions& options) {
  const std::string subject = "disk forecast";
  std::error_code error;
  const auto room = fs::space(options.data, error);
  if (error) return {Health::Warning, subject, "cannot be told: " + error.message(), "look yourself"};
  const Grown lake = growth_of_lake(lake_folder(options.data));
  const Grown log = growth_of_log(options.data).value_or(Grown{});
  if (std::max(lake.seconds, log.seconds) < least_time)
    return {Health::Ok, subject, "too early to tell: it takes an hour of running"};
  const auto left = growth_left(log, options.retention);
  const auto full = time_until_full({.free = static_cast<double>(room.available),
                                     .lake_rate = lake.rate(),
                                     .log_rate = log.rate(),
                                     .log_left = left});
  std::string detail = fmt::format("the lake grows by {} a day, the log by {}", amount_text(lake.rate() * day),
                                   amount_text(log.rate() * day));
  if (left) detail += fmt::format(" until it is {} larger", amount_text(*left));
  if (!full || *full > far_away) return {Health::Ok, subject, detail + "; the disk does not fill within five years"};
  detail += fmt::format("; the disk is full in {:.0f} days", *full / day);
  if (*full > soon) return {Health::Ok, subject, detail};
  return {Health::Warning, subject, detail,
          "make room, move days of the lake elsewhere, or set keep-log, keep-log-size"};
}

}  // namespace tidemark
