#include "app/upkeep/verify_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <ranges>

#include "app/process/system_clock.h"
#include "core/wire/decode.h"
#include "io/embedded/log_reader.h"
#include "io/embedded/sqlite.h"
#include "run/interfaces/notifier.h"
#include "run/interfaces/readers.h"
#include "run/roles/analyze_role.h"
#include "run/roles/store_role.h"

namespace tidemark {
namespace {

constexpr std::size_t records_a_look = 4'096;
constexpr int most_told = 20;  // of the database's own complaints, and of damaged records
constexpr int most_restores = 3;

constexpr std::string_view restore_or_move =
    "keep a copy of log.db and log.db-wal, then bring both back from a backup, or move both away: a new log begins "
    "behind what the lake holds";

class NothingIsStored final : public Store {
 public:
  Result<StoredRows> find(const Publication& rows) const override {
    return StoredRows{std::vector<bool>(rows.trends.size()), std::vector<bool>(rows.bars.size())};
  }
  std::vector<std::string> files(const Publication&) const override { return {}; }
  Result<void> publish(const Publication&) override { return {}; }
};

class LogLook {
 public:
  LogLook(Log& log, const std::filesystem::path& file, const VerifyLogOptions& options)
      : log_(log), file_(file), options_(options) {}

  Result<LogVerdict> run() {
    if (auto looked = look_at_pages(); !looked) return std::unexpected(looked.error());
    if (!verdict_.damages.empty()) return std::move(verdict_);  // the contents of damaged pages would be guesswork
    if (auto opened = reader_.open(file_.string(), {.read_only = true}); !opened)
      return std::unexpected(opened.error());
    verdict_.covered_from = reader_.covered_from();
    const auto bytes = log_.bytes();
    if (!bytes) return std::unexpected(bytes.error());
    verdict_.bytes = *bytes;
    for (const Topic topic : all_topics)
      if (auto looked = look_at_topic(topic); !looked) return std::unexpected(looked.error());
    tell_coverage();
    for (const std::string_view reader : {analyze_reader, lake_reader}) {
      auto looked = look_at_reader(reader);
      if (!looked && looked.error().is_retryable()) return std::unexpected(looked.error());
      if (!looked) verdict_.damages.push_back({"log.db", looked.error().message(), {}});
    }
    if (verdict_.damages.empty()) look_at_states();
    return std::move(verdict_);
  }

 private:
  void damaged(std::string what) {
    verdict_.damages.push_back({"log.db", std::move(what), std::string(restore_or_move)});
  }

  Result<void> look_at_pages() {
    auto connection = Connection::open(file_.string(), {.read_only = true});
    if (!connection) return std::unexpected(connection.error());
    auto statement = connection->prepare(
        fmt::format("PRAGMA {}({})", options_.check == LogCheck::Full ? "integrity_check" : "quick_check", most_told));
    if (!statement) return std::unexpected(statement.error());
    for (;;) {
      const auto row = statement->step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return {};
      if (statement->bytes(0) != "ok") damaged(std::string(statement->bytes(0)));
    }
  }

  // Checks that offsets are consecutive, that checksums match, and that rows written by Tidemark can be decoded.
  Result<void> look_at_topic(Topic topic) {
    const auto begin = log_.begin(topic), end = log_.end(topic);
    if (!begin) return std::unexpected(begin.error());
    if (!end) return std::unexpected(end.error());
    std::uint64_t& records = verdict_.records[index_of(topic)];
    bool is_first = true;
    for (Position next = *begin; next < *end;) {
      const std::size_t damaged_before = coverage_.damaged.size();
      const auto batch = reader_.look(topic, next, records_a_look, coverage_);
      if (!batch) return std::unexpected(batch.error());
      if (batch->next_position() == next) {
        if (!was_trimmed(topic, *end))
          damaged(fmt::format("{} has no records from offset {} to {}", to_string(topic), next, *end - 1));
        break;
      }
      auto told = coverage_.damaged.begin() + static_cast<std::ptrdiff_t>(damaged_before);
      for (std::size_t i = 0; i < batch->size(); ++i) {
        const Batch::View record = (*batch)[i];
        for (; told != coverage_.damaged.end() && told->offset < record.position && told->offset == next; ++told)
          ++next;
        // The beginning of the topic advances while a run trims the log.
        if (record.position != next && !(is_first && was_trimmed(topic, record.position)))
          damaged(fmt::format("{} has no records from offset {} to {}", to_string(topic), next, record.position - 1));
        is_first = false;
        next = record.position + 1;
        if (!can_be_read_back(topic, record))
          damaged(
              fmt::format("the record at offset {} of {} is not what was written", record.position, to_string(topic)));
      }
      next = batch->next_position();
      const std::size_t looked_at = batch->size() + coverage_.damaged.size() - damaged_before;
      records += looked_at;
      done_ += looked_at;
      if (!options_.watch(done_)) return std::unexpected(Error::permanent("interrupted"));
      is_first = true;  // the oldest records may be gone by the next batch
    }
    return {};
  }

  void tell_coverage() {
    verdict_.covered = coverage_.covered;
    verdict_.not_covered = coverage_.not_covered;
    verdict_.damaged = coverage_.damaged.size();
    for (const RowCoverage::Damaged& each : coverage_.damaged | std::views::take(most_told))
      damaged(fmt::format("the record at offset {} of {} is not what was written: {}", each.offset,
                          to_string(each.topic), each.what));
    if (coverage_.damaged.size() > most_told)
      damaged(fmt::format("and so are {} records more", coverage_.damaged.size() - most_told));
  }

  bool was_trimmed(Topic topic, Position position) {
    const auto begin = log_.begin(topic);
    return begin && *begin >= position;
  }

  static bool can_be_read_back(Topic topic, const Batch::View& record) {
    if (record.kind != RecordKind::Data) return topic == Topic::Bars;
    if (topic == Topic::Trends) return decode_trend(record.value).has_value();
    if (topic == Topic::JudgedBars) return decode_judged_bar(record.value).has_value();
    return true;  // records of feeds, stored byte for byte
  }

  // Begins are asked for first and ends last, because both only grow while somebody works on the log.
  Result<void> look_at_reader(std::string_view reader) {
    std::array<Position, topic_count> begins{};
    for (const Topic topic : all_topics) {
      const auto begin = log_.begin(topic);
      if (!begin) return std::unexpected(begin.error());
      begins[index_of(topic)] = *begin;
    }
    const auto state = log_.restore(reader);
    if (!state) return std::unexpected(state.error());
    for (const auto& [topic, position] : state->positions) {
      const auto end = log_.end(topic);
      if (!end) return std::unexpected(end.error());
      const Position begin = begins[index_of(topic)], needs = state->needs(topic);
      if (needs < begin || needs > position || position > *end)
        damaged(
            fmt::format("the reader {} is at offset {} of {} and needs those from {} on, but the log has those from "
                        "{} to {}",
                        reader, position, to_string(topic), needs, begin, *end - 1));
    }
    return {};
  }

  // Restores states as a run does at its start. Beside a run that trims the log, records that were needed a moment ago
  // may be gone.
  void look_at_states() {
    for (const auto open : {&LogLook::open_analyze, &LogLook::open_store}) {
      Result<void> opened;
      for (int attempt = 0; attempt < most_restores; ++attempt)
        if (opened = (this->*open)(); opened) break;
      if (!opened) damaged(opened.error().message());
    }
  }

  Result<void> open_analyze() {
    const auto windows = AnalyzeRole::windows_of(log_);
    if (!windows) return std::unexpected(windows.error());
    if (!*windows) return {};
    NullNotifier nobody;
    return AnalyzeRole({.windows = **windows}, log_, nobody, nullptr).open();
  }

  Result<void> open_store() {
    NothingIsStored nothing;
    const SystemClock clock;
    return StoreRole(log_, nothing, clock, {}).open();
  }

  Log& log_;
  const std::filesystem::path& file_;
  const VerifyLogOptions& options_;
  LogReader reader_;
  RowCoverage coverage_;
  LogVerdict verdict_;
  std::uint64_t done_ = 0;
};

}  // namespace

std::uint64_t LogVerdict::records_in_all() const {
  return std::accumulate(records.begin(), records.end(), std::uint64_t{0});
}

Result<LogVerdict> verify_log(Log& log, const std::filesystem::path& file, const VerifyLogOptions& options) {
  return LogLook(log, file, options).run();
}

}  // namespace tidemark
