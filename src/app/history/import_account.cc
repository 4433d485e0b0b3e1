#include "app/history/import_account.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "core/time/timestamp.h"
#include "core/transcribe/shape.h"
#include "io/lake/lake.h"

namespace tidemark {
namespace {

constexpr std::size_t most_samples = 16, most_lines = 5, most_shown = 120;
constexpr std::int64_t least_contradicting = 3;
constexpr double most_contradicting = 0.01;

std::string_view rows_of(const FileAccount& file) { return file.format == ImportFormat::Parquet ? "row" : "line"; }

std::string place_text(const ImportAccount& account, RowPlace place) {
  const FileAccount& file = account.files[place.file];
  return fmt::format("{}, {} {}", file.name, rows_of(file), place.line);
}

bool is_number(std::string_view field) {
  return field == "open" || field == "high" || field == "low" || field == "close" || field == "volume" ||
         field == "vwap" || field == "trade_count" || field == "price_change" || field == "pct_change";
}

// The most likely cure for a reason.
std::string cure_of(const FileAccount& file, const RejectSample& sample) {
  if (!file.is_foreign_table()) {
    const std::string_view hint = hint_for({sample.reason, sample.field}, sample.record);
    return hint.empty() ? "" : fmt::format("; {}", hint);
  }
  switch (sample.reason) {
    case Reason::BadTimestamp:
      return "; --time-format says how its times are written, --columns timestamp=COLUMN where they are";
    case Reason::BadSymbol:
      return "; --columns symbol=COLUMN or symbol=@NAME says which symbol it is";
    case Reason::Missing:
      return fmt::format("; --columns {}=COLUMN says where it is", sample.field);
    case Reason::BadRow:
      return file.format == ImportFormat::Csv
                 ? "; --skip-lines skips lines before the header, and a row ends with its line"
                 : "";
    case Reason::HighBelowLow:
    case Reason::LowAboveOpen:
    case Reason::OpenAboveHigh:
    case Reason::LowAboveClose:
    case Reason::CloseAboveHigh:
      return "; --columns says which column is what, such as high=3,low=4";
    case Reason::WrongType:
      return is_number(sample.field)
                 ? "; --decimal , reads numbers with a comma, and --columns says which column is what"
                 : "";
    default:
      return "";
  }
}

std::string sample_text(const FileAccount& file, const RejectSample& sample) {
  std::string record = sample.record.substr(0, most_shown);
  if (record.size() < sample.record.size()) record += " ...";
  return fmt::format("{} {}{}{} ({}{} {}{}): {}", sample.count, to_string(sample.reason),
                     sample.field.empty() ? "" : " of ", sample.field, rows_of(file),
                     sample.lines.size() == 1 ? "" : "s", fmt::join(sample.lines, ", "),
                     sample.count > static_cast<std::int64_t>(sample.lines.size()) ? " ..." : "", record);
}

std::string samples_text(const FileAccount& file) {
  std::vector<RejectSample> samples = file.samples;
  std::ranges::stable_sort(samples, std::greater(), &RejectSample::count);
  std::string told;
  for (const RejectSample& sample : samples)
    told += fmt::format("{}{}", told.empty() ? "" : "; ", sample_text(file, sample));
  return told;
}
const RejectSample& most_frequent(const FileAccount& file) {
  return *std::ranges::max_element(file.samples, {}, &RejectSample::count);
}

std::string percent(std::int64_t part, std::int64_t whole) {
  return fmt::format("{:.3g} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

bool FileAccount::is_foreign_table() const {
  return format == ImportFormat::Csv || (format == ImportFormat::Parquet && !is_lake_file);
}

std::int64_t FileAccount::rejected_in_all() const {
  std::int64_t all = 0;
  for (const auto& [reason, count] : rejected) all += count;
  return all;
}

void FileAccount::reject(const Reject& reject, std::int64_t line, std::string_view record) {
  ++rejected[reject.reason];
  auto sample = std::ranges::find_if(
      samples, [&](const RejectSample& one) { return one.reason == reject.reason && one.field == reject.field; });
  if (sample == samples.end()) {
    if (samples.size() == most_samples) return;
    sample = samples.insert(
        samples.end(),
        {reject.reason, std::string(reject.field), 0, {}, std::string(record.substr(0, most_shown + 1))});
  }
  ++sample->count;
  if (sample->lines.size() < most_lines) sample->lines.push_back(line);
}

FileAccount ImportAccount::in_all() const {
  FileAccount all;
  for (const FileAccount& file : files) {
    all.read += file.read;
    all.rows.imported += file.rows.imported;
    all.rows.superseded += file.rows.superseded;
    all.rows.identical += file.rows.identical;
    all.rows.poorer += file.rows.poorer;
    all.rows.contradicting += file.rows.contradicting;
    for (const auto& [reason, count] : file.rejected) all.rejected[reason] += count;
  }
  return all;
}

std::string reasons_text(const std::map<Reason, std::int64_t>& rejected) {
  std::string text;
  for (const auto& [reason, count] : rejected)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(reason));
  return text;
}

std::string account_text(const FileAccount& account) {
  const RowCounts& rows = account.rows;
  return fmt::format("{} read = {} imported + {} superseded + {} identical + {} poorer + {} rejected", account.read,
                     rows.imported, rows.superseded, rows.identical, rows.poorer, account.rejected_in_all());
}

std::string account_members(const FileAccount& account) {
  const RowCounts& rows = account.rows;
  std::string text =
      fmt::format(R"("read":{},"imported":{},"superseded":{},"identical":{},"poorer":{},"rejected":{},"reasons":{{)",
                  account.read, rows.imported, rows.superseded, rows.identical, rows.poorer, account.rejected_in_all());
  for (const char* comma = ""; const auto& [reason, count] : account.rejected)
    text += fmt::format(R"({}"{}":{})", std::exchange(comma, ","), to_string(reason), count);
  return text + '}';
}

std::string samples_text(const ImportAccount& account) {
  std::string told;
  for (const FileAccount& file : account.files)
    if (!file.samples.empty()) told += fmt::format("{}{}: {}", told.empty() ? "" : "; ", file.name, samples_text(file));
  return told;
}

std::optional<std::string> rejects_refusal(const FileAccount& file, const ImportOptions& options,
                                           const std::string& rejects) {
  const std::int64_t count = file.rejected_in_all();
  if (count == 0) return std::nullopt;
  const bool is_all = count == file.read;
  const bool is_much = static_cast<double>(count) > options.most_rejected * static_cast<double>(file.read);
  if (options.may_be_empty || (!is_all && !is_much)) return std::nullopt;
  const std::string told = samples_text(file), cure = cure_of(file, most_frequent(file));
  if (is_all)
    return fmt::format("nothing is imported, because all {} records of {} are rejected: {}. They are in {}{}", count,
                       file.name, told, rejects, cure);
  return fmt::format(
      "nothing is imported, because {} of {} records of {} are rejected, {}, and more than {:.3g} % is taken for a "
      "mistake: {}. They are in {}{}; --allow-rejects lets the others in",
      count, file.read, file.name, percent(count, file.read), 100 * options.most_rejected, told, rejects, cure);
}

std::optional<std::string> contradiction_refusal(const ImportAccount& account, const ContradictingRows& example,
                                                 const ImportOptions& options) {
  if (options.may_contradict) return std::nullopt;
  for (const FileAccount& file : account.files) {
    const std::int64_t count = file.rows.contradicting;
    if (count < least_contradicting || static_cast<double>(count) < most_contradicting * static_cast<double>(file.read))
      continue;
    return fmt::format(
        "nothing is imported, because {} of {} {}s of {} contradict other rows of the import about the same bar: {} "
        "and {} "
        "both tell of {} at {}. Is the whole time read, and the symbol? --columns timestamp=DATE+TIME joins two "
        "columns, "
        "--columns symbol=COLUMN or --symbol-from-name says the symbol, --time-zone and --time-format how times are "
        "written; files that correct one another are imported one after the other; --allow-contradictions lets the "
        "last "
        "row of each bar in",
        count, file.read, rows_of(file), file.name, place_text(account, example.first),
        place_text(account, example.second), example.symbol, format_timestamp(example.time));
  }
  return std::nullopt;
}

std::string whole_day_refusal(const ImportAccount& account, const WholeDayBar& bar) {
  return fmt::format(
      "nothing is imported, because the bar of {} in {} is the whole day's: its range and volume hold those of the {} "
      "bars "
      "that the lake has of {}. Bars of one symbol have one interval, or they would be counted together: import it "
      "into "
      "another data directory (--data), or say --interval if it is of the lake's",
      bar.symbol, place_text(account, bar.place), bar.bars_in_lake, to_text(bar.day));
}

std::string feed_refusal(const ImportAccount& account, const FeedConflict& conflict, const ImportOptions& options,
                         const std::string& lake) {
  const auto named = [](const std::optional<std::string>& feed) {
    return feed ? fmt::format("of the feed {}", *feed) : std::string("without a feed");
  };
  const std::string cure =
      conflict.ours || options.feed
          ? "import them into another data directory (--data), or say the same feed if they are of it"
          : fmt::format("say --feed {} if they are of it, or import them into another data directory (--data)",
                        conflict.theirs.value_or("NAME"));
  if (conflict.bars_in_lake == 0)
    return fmt::format(
        "nothing is imported, because bars of {} of {} come from two feeds: {} is {}, {} is {}. Bars of one symbol "
        "come from "
        "one feed: {}",
        conflict.symbol, to_text(conflict.day), place_text(account, conflict.other), named(conflict.theirs),
        place_text(account, conflict.place), named(conflict.ours), cure);
  return fmt::format(
      "nothing is imported, because {} has {} bars of {} {} on {}, and {} is {}. Bars of one symbol come from one "
      "feed: {}",
      lake, conflict.bars_in_lake, conflict.symbol, named(conflict.theirs), to_text(conflict.day),
      place_text(account, conflict.place), named(conflict.ours), cure);
}

}  // namespace tidemark
