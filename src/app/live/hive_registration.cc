#include "app/live/hive_registration.h"

#include <fmt/format.h>

#include <utility>

#include "core/time/time.h"

namespace tidemark {
namespace {

constexpr auto idle = std::chrono::minutes(1);            // a safety net: publishing wakes it
constexpr auto time_to_register = std::chrono::seconds(2);  // at the end: days first, then sizes

}  // namespace

HiveRegistration::HiveRegistration(const RunOptions& options, const LakePlace& place, const Clock& clock,
                                   Journal& journal, Metrics& metrics, Tell tell)
    : options_(options),
      place_(place),
      clock_(clock),
      journal_(journal),
      lake_(open_inventory(place)),
      metastore_(open_metastore(options, place)),
      partitions_(
          metrics.counter("tidemark_hive_partitions_total", "Partitions added to the metastore since the start.")),
      sizes_(metrics.counter("tidemark_hive_sizes_total", "Sizes of days written to the metastore since the start.")),
      failures_(metrics.counter("tidemark_hive_failures_total", "Steps of the registration that failed.")),
      waiting_(
          metrics.gauge("tidemark_hive_waiting_partitions", "Days of the lake that the metastore does not know yet.")),
      registered_at_(
          metrics.gauge("tidemark_hive_registered_timestamp_seconds",
                        "When the metastore was last known to be as the lake is, as Unix time; 0: not yet.")),
      agent_({.name = "hive", .idle = idle, .retry_delay = options.retry_delay, .max_retries = {}}, wake_, journal,
             metrics, [this] { return work(); },
             {.retries = [tell](const Error& error) { tell(error.message()); },
              .recovered = [tell] { tell(std::nullopt); },
              .gave_up = [](const Error&) {}}) {}

Result<void> HiveRegistration::open() {
  if (role_) return {};
  auto tables = hive_tables_of(options_, place_);
  if (!tables) return std::unexpected(tables.error());
  journal_.info("hive.tables", {{"metastore", to_text(*options_.hive)},
                                {"database", options_.hive_database},
                                {"location", tables->front().location.substr(0, tables->front().location.rfind('/'))}});
  if (options_.lake_codec == PageCompression::Zstd)
    journal_.warning("hive.codec", {{"lake-codec", "zstd"},
                                    {"reason",
                                     "Hive before 4 reads no file of it; --lake-codec snappy, or gzip, if "
                                     "there is such a Hive"}});
  role_.emplace(*metastore_, *lake_, clock_, std::move(*tables));
  return {};
}

// Whatever fails here may be mended while the run goes on, drift as well as the network.
Result<std::size_t> HiveRegistration::work() {
  Result<std::size_t> done = 0;
  if (const auto opened = open(); opened)
    done = role_->do_work();
  else
    done = std::unexpected(opened.error());
  if (role_) waiting_.set(static_cast<double>(role_->waiting()));
  if (!done) {
    failures_.add(1);
    return std::unexpected(Error::retryable(done.error().message()));
  }
  count(*done);
  return done;
}

void HiveRegistration::count(std::size_t changed) {
  const auto& now = role_->count();
  if (static_cast<double>(now.partitions) > partitions_.value())
    journal_.info("hive.registered", {{"partitions", fmt::to_string(now.partitions)}});
  partitions_.set(static_cast<double>(now.partitions));
  sizes_.set(static_cast<double>(now.sizes));
  if (changed == 0) registered_at_.set(static_cast<double>(nanos_since_epoch(clock_.now())) / 1e9);
}

void HiveRegistration::finish() {
  agent_.stop();
  const auto deadline = std::chrono::steady_clock::now() + time_to_register;
  for (std::size_t changed = 1; changed != 0 && std::chrono::steady_clock::now() < deadline;) {
    const auto done = work();
    if (!done)
      return journal_.warning("hive.behind", {{"error", done.error().message()},
                                              {"then", "the next run, or tidemark hive --mend, catches up"}});
    changed = *done;
  }
}

}  // namespace tidemark
