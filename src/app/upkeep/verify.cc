#include "app/upkeep/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/configuration.h"
#include "app/config/value_text.h"
#include "app/data_dir/gone_log.h"
#include "app/data_dir/lake_verb.h"
#include "app/data_dir/recomputation.h"
#include "app/data_dir/set_aside.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/memory_limit.h"
#include "app/process/progress.h"
#include "app/process/signals.h"
#include "app/process/system_clock.h"
#include "app/upkeep/republish.h"
#include "app/upkeep/verify_report.h"
#include "io/embedded/embedded_log.h"
#include "io/embedded/log_reader.h"

namespace tidemark {
namespace {

class Verify {
 public:
  Verify(const VerifyOptions& options, const LakePlace& place)
      : options_(options), place_(place), lake_(place_.lake()) {}

  Result<VerifyReport> run() {
    std::unique_ptr<DiskLock> restating;
    if (auto ready = begin(restating); !ready) return std::unexpected(ready.error());
    if (auto looked = look_at_log(); !looked) return std::unexpected(looked.error());
    if (auto looked = look_at_lake(); !looked) return std::unexpected(looked.error());
    if (auto compared = compare(); !compared) return std::unexpected(compared.error());
    if (options_.set_aside && !report_.lake.files.empty()) {
      const auto beside = place_.is_local() ? std::optional(options_.data) : std::nullopt;
      const auto folder = set_aside(lake_, beside, report_.lake.files, SystemClock().now());
      if (!folder) return std::unexpected(folder.error().while_doing("the damaged files are where they were"));
      report_.set_aside = *folder;
    }
    if (options_.repair) repair();
    return std::move(report_);
  }

 private:
  // A check takes no lock. Changes hold the restating lock, beside which a run may publish.
  Result<void> begin(std::unique_ptr<DiskLock>& restating) {
    std::error_code ignored;
    has_log_ = std::filesystem::exists(options_.data / "log.db", ignored);
    if (!has_log_ && !place_.expect_lake())
      return std::unexpected(Error::setup(fmt::format(
          "{} holds neither a log nor a lake; name the data directory with --data", options_.data.string())));
    if (!options_.without_log) {
      const auto gone = gone_log(lake_, options_.data);
      if (!gone) return std::unexpected(gone.error());
      if (*gone) return std::unexpected(**gone);
    }
    if (!options_.set_aside) return lake_.finish_left_behind();
    if (auto made = place_.disk().make_folder(lake_.folder()); !made) return made;
    auto held = wait_for_restating(lake_, "verify");
    if (!held) return std::unexpected(held.error());
    restating = std::move(*held);
    return {};
  }

  // A log that cannot be opened is damaged or not ours. The lake is checked all the same.
  Result<void> look_at_log() {
    if (!has_log_) return {};
    if (const auto begun = has_log(options_.data.string()); begun && !*begun) {
      const auto published = lake_.days(LakeTable::Bars);
      if (published && published->empty()) return {};  // the first start was killed right at its beginning
    }
    auto log = open_embedded_log({.directory = options_.data.string(), .read_only = true});
    if (!log) return tell_of_log(log.error());
    Progress progress("records of the log", std::nullopt);
    auto verdict =
        verify_log(**log, options_.data / "log.db",
                   {.check = options_.deep ? LogCheck::Full : LogCheck::Quick, .watch = [&](std::uint64_t records) {
                      progress.advance_to(records);
                      return !stop_requested();
                    }});
    if (!verdict) return tell_of_log(verdict.error());
    report_.log = std::move(*verdict);
    if (report_.log->damages.empty()) log_ = std::move(*log);
    return {};
  }

  Result<void> tell_of_log(const Error& error) {
    if (stop_requested() || error.is_retryable()) return std::unexpected(error);
    report_.log.emplace();
    report_.log->damages.push_back({"log.db", error.message(), {}});
    return {};
  }

  Result<void> look_at_lake() {
    const auto bytes = bytes_to_verify(lake_, options_.day);
    if (!bytes) return std::unexpected(bytes.error());
    Progress progress("MB of the lake", *bytes / Progress::megabyte);
    std::uint64_t done = 0;
    auto verdict = verify_lake(lake_, {.day = options_.day, .watch = [&](std::uint64_t more) {
                                         progress.advance_to((done += more) / Progress::megabyte);
                                         return !stop_requested();
                                       }});
    if (!verdict) return std::unexpected(verdict.error());
    report_.lake = std::move(*verdict);
    return {};
  }

  Result<void> compare() {
    if (!log_) return {};
    for (const LakeTable table : {LakeTable::Trends, LakeTable::Bars}) {
      const auto begin = log_->begin(table == LakeTable::Trends ? Topic::Trends : Topic::JudgedBars);
      if (!begin) return std::unexpected(begin.error());
      report_.log_begins[static_cast<std::size_t>(table)] = *begin;
    }
    Progress progress("records compared", std::nullopt);
    VerifyPublishedOptions how{
        .day = options_.day, .damaged = {}, .covered_from = {}, .watch = [&](std::uint64_t records) {
          progress.advance_to(records);
          return !stop_requested();
        }};
    how.covered_from = {report_.log->covered_from[index_of(Topic::Trends)],
                        report_.log->covered_from[index_of(Topic::JudgedBars)]};
    for (bool again = true; again;) {
      for (const DamagedFile& each : report_.lake.files)
        how.damaged.insert(lake_.path_of(each.table, each.day, each.file.name));
      auto verdict = verify_published(*log_, lake_, how);
      if (!verdict) return std::unexpected(verdict.error());
      // A file that contradicts the log is treated like an unreadable one, because the log can publish its rows again.
      again = !verdict->others.empty();
      std::ranges::move(verdict->others, std::back_inserter(report_.lake.files));
      report_.published = std::move(*verdict);
    }
    return {};
  }

  void repair() {
    if (!report_.published) return;
    std::vector<LostRows> left;
    for (const LostRows& lost : report_.published->lost) {
      const auto done = republish(*log_, lake_, lost);
      if (done) {
        report_.published_again += lost.rows;
        continue;
      }
      left.push_back(lost);
      report_.published->damages.push_back({fmt::format("lake/{}/dt={}", to_string(lost.table), to_text(lost.day)),
                                            "could not be repaired: " + done.error().message(),
                                            {}});
    }
    report_.published->lost = std::move(left);
  }

  const VerifyOptions& options_;
  const LakePlace& place_;
  Lake lake_;
  bool has_log_ = false;
  std::unique_ptr<Log> log_;  // if it is intact
  VerifyReport report_;
};

int perform(VerifyRequest& request, const RunOptions& /*run*/, const LakePlace& place) {
  const VerifyOptions& options = request.options;
  limit_memory("verify", options.memory_bytes, 1);
  watch_stop_signals();
  const auto report = Verify(options, place).run();
  if (!report) {
    return fail_or_stop("verify", report.error());
  }
  const std::string text = options.json ? as_json(*report) : for_eyes(*report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return report->is_whole() ? exit_ok : exit_failed;
}

int perform(VerifyRequest& request) {
  return on_lake("verify", request, request.options.set_aside ? LakePlace::Use::Change : LakePlace::Use::Question,
                 perform);
}

Result<Command> parse_verify(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  VerifyRequest request;
  VerifyOptions& options = request.options;
  SettingFlags flags;
  verb.heading("What is looked at");
  verb.value("day", "DATE", "", "of the lake only this day (UTC); all if not set", options.day, read_day);
  verb.toggle("deep", "the log's indexes, too: slower", [&](bool on) { options.deep = on; });
  verb.toggle("without-log", "a lake alone, whose log is gone or is in Kafka; refused if not set",
              [&](bool on) { options.without_log = on; });
  flags.add_existing_data(verb);
  add_memory(verb, options.memory_bytes);
  verb.heading("What is done about it");
  verb.toggle("set-aside", "move damaged files of the lake away, with the reason",
              [&](bool on) { options.set_aside = on; });
  verb.toggle("repair", "that, and publish once more what the log still holds of them",
              [&](bool on) { options.repair = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { options.json = on; });
  return parse_words(verb, words, [&]() -> Result<Command> {
    options.set_aside = options.set_aside || options.repair;
    request.run = flags.take();
    return Command(std::move(request), perform);
  });
}

}  // namespace

extern const VerbSpec verify_verb{
    .name = "verify",
    .summary = "is everything in a data directory what was written",
    .usage = "[OPTIONS]",
    .about = R"(Goes through the log record by record, each with its checksum, and through the
lake to the last page of every file, and looks whether each row that the log has
published and still holds is in the lake, exactly once and with the same values.
Names what is damaged, with the cure. It only reads, also beside a run. --set-aside
moves damaged files away, so that questions are answered again; --repair publishes
again what the log still holds.)",
    .examples = R"(  tidemark verify
  tidemark verify --day 2026-11-20
  tidemark verify --repair
  tidemark verify --json | jq -r '.damaged[] | [.where, .what] | @tsv')",
    .parse = parse_verify};

}  // namespace tidemark
