#include "app/upkeep/verify_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/wire/encode.h"
#include "core/wire/json_texts.h"
#include "io/embedded/log_reader.h"

namespace tidemark {
namespace {

constexpr LakeTable tables_told[] = {LakeTable::Trends, LakeTable::Bars};

std::string day_folder(LakeTable table, LakeDay day) {
  return fmt::format("lake/{}/dt={}", to_string(table), to_text(day));
}

std::string where(const DamagedFile& each) {
  return fmt::format("{}/{}", day_folder(each.table, each.day), each.file.name);
}

// How many offsets of the file's name the log has trimmed.
Position forgotten(const VerifyReport& report, const LakeFile& file) {
  const bool is_bars = file.name.starts_with("bars");
  if (!report.published) return file.to - file.from;
  return std::clamp<Position>(report.log_begins[is_bars ? 1 : 0] - file.from, 0, file.to - file.from);
}

bool is_recovered(const VerifyReport& report, const DamagedFile& each) {
  if (report.set_aside.empty()) return false;
  if (each.rows == DamagedFile::Rows::Elsewhere) return true;
  return each.file.imported == 0 && each.file.from < each.file.to && forgotten(report, each.file) == 0;
}

// What became of the rows of the file, or how to get them back.
std::string cure_of_rows(const VerifyReport& report, const DamagedFile& each) {
  if (each.rows == DamagedFile::Rows::Elsewhere) return "no row is lost by that";
  const std::string day = to_text(each.day);
  if (each.file.imported > 0)
    return fmt::format(
        "its bars come back from a backup, or by repeating import {} "
        "(lake/.imports/{:06}.json names its files), then `tidemark recompute --day {}`",
        each.file.imported, each.file.imported, day);
  const Position gone = forgotten(report, each.file);
  const bool is_all = gone == each.file.to - each.file.from;
  std::string text;
  if (!is_all)
    text = !report.set_aside.empty() && report.published_again > 0
               ? "its rows were published again from the log"
               : "`tidemark verify --repair` publishes its rows again from the log";
  if (gone == 0 && !is_all)
    return each.table == LakeTable::Trends
               ? text +
                     fmt::format("; if the day had been recomputed, `tidemark recompute --day {}` does so again", day)
               : text;
  if (!is_all)
    text += fmt::format(", but for those before offset {}, which the log has forgotten: ", each.file.from + gone);
  if (each.table == LakeTable::Trends)
    return text + fmt::format("`tidemark recompute --day {}` makes the trends of the day from its bars", day);
  return text + fmt::format("{}bring {} back from a backup, or import the bars of {} once more",
                            is_all ? "the log does not hold its rows any more: " : "", where(each), day);
}

std::string cure_of(const VerifyReport& report, const DamagedFile& each) {
  const std::string rows = cure_of_rows(report, each);
  if (!report.set_aside.empty()) return fmt::format("it lies in {} now; {}", report.set_aside, rows);
  return fmt::format("`tidemark verify --set-aside` moves it away; {}", rows);
}

std::string describe(const LostRows& lost) {
  return fmt::format("{} rows that the log has published, of its offsets {} to {}, are not in the lake", lost.rows,
                     lost.from, lost.to - 1);
}

constexpr std::string_view cure_of_lost = "`tidemark verify --repair` publishes them once more: the log holds them";

// All damage in one form.
std::vector<Damage> all_damages(const VerifyReport& report) {
  std::vector<Damage> all;
  if (report.log) std::ranges::copy(report.log->damages, std::back_inserter(all));
  for (const DamagedFile& each : report.lake.files) all.push_back({where(each), each.what, cure_of(report, each)});
  std::ranges::copy(report.lake.others, std::back_inserter(all));
  if (!report.published) return all;
  std::ranges::copy(report.published->damages, std::back_inserter(all));
  for (const LostRows& lost : report.published->lost)
    all.push_back({day_folder(lost.table, lost.day), describe(lost), std::string(cure_of_lost)});
  return all;
}

std::vector<std::string> all_notes(const VerifyReport& report) {
  std::vector<std::string> notes = report.lake.notes;
  if (report.log && report.log->not_covered > 0)
    notes.push_back(fmt::format(
        "{} records of the log have no checksum, because an older program wrote them: they were compared only "
        "where the lake has them, too",
        report.log->not_covered));
  if (const auto rows = report.lake.tables[static_cast<std::size_t>(LakeTable::Trends)].other_contract; rows > 0)
    notes.push_back(
        fmt::format("{} trends are in files of another contract: `tidemark recompute --dry-run` says which "
                    "of them differ from this one",
                    rows));
  if (report.published) std::ranges::copy(report.published->notes, std::back_inserter(notes));
  if (report.published_again > 0) notes.push_back(fmt::format("{} rows were published again", report.published_again));
  return notes;
}

std::string size_text(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

}  // namespace

bool VerifyReport::is_whole() const {
  if (log && !log->damages.empty()) return false;
  if (!lake.others.empty()) return false;
  if (published && (!published->damages.empty() || !published->lost.empty())) return false;
  return std::ranges::all_of(lake.files, [&](const DamagedFile& each) { return is_recovered(*this, each); });
}

std::string for_eyes(const VerifyReport& report) {
  std::string out;
  const auto line = [&](std::string_view subject, const std::string& text) {
    out += fmt::format("{:<9}{}\n", subject, text);
  };
  if (!report.log)
    line("log", "there is none");
  else if (report.log->damages.empty())
    line("log", fmt::format("log.db, {}: {} records, without a gap, {} with their checksum; a run can continue from it",
                            size_text(report.log->bytes), report.log->records_in_all(),
                            report.log->not_covered == 0 ? std::string("all") : std::to_string(report.log->covered)));
  for (const LakeTable table : tables_told) {
    const TableVerdict& counts = report.lake.tables[static_cast<std::size_t>(table)];
    line(table == LakeTable::Trends ? "lake" : "",
         fmt::format("{}: {} days, {} files, {} rows that can be read, {}", to_string(table), counts.days, counts.files,
                     counts.rows, size_text(counts.bytes)));
  }
  if (report.published && report.published->damages.empty() && report.published->lost.empty())
    line("both",
         fmt::format("{} trends and {} bars, published and still in the log: each is in the lake, once and the same",
                     report.published->trends, report.published->bars));
  for (const std::string& note : all_notes(report)) line("note", note);
  const auto damages = all_damages(report);
  for (const Damage& each : damages) {
    line("DAMAGED", each.where);
    line("", each.what);
    if (!each.cure.empty()) line("", "▸ " + each.cure);
  }
  out += report.is_whole()
             ? damages.empty() ? "Everything is whole.\n" : "Everything is whole again.\n"
             : fmt::format("{} {} wrong.\n", damages.size(), damages.size() == 1 ? "thing is" : "things are");
  return out;
}

std::string as_json(const VerifyReport& report) {
  std::string out = fmt::format("{{\"whole\":{},\"log\":", report.is_whole());
  if (report.log) {
    out += fmt::format(R"({{"bytes":{},"covered":{},"not_covered":{},"damaged":{},"records":{{)", report.log->bytes,
                       report.log->covered, report.log->not_covered, report.log->damaged);
    for (const char* comma = ""; const Topic topic : all_topics)
      out +=
          fmt::format("{}\"{}\":{}", std::exchange(comma, ","), to_string(topic), report.log->records[index_of(topic)]);
    out += "}}";
  } else {
    out += "null";
  }
  out += ",\"lake\":{";
  for (const char* comma = ""; const LakeTable table : tables_told) {
    const TableVerdict& counts = report.lake.tables[static_cast<std::size_t>(table)];
    out += fmt::format(R"({}"{}":{{"days":{},"files":{},"rows":{},"bytes":{},"other_contract":{}}})",
                       std::exchange(comma, ","), to_string(table), counts.days, counts.files, counts.rows,
                       counts.bytes, counts.other_contract);
  }
  out += "},\"compared\":";
  out += report.published
             ? fmt::format(R"({{"trends":{},"bars":{}}})", report.published->trends, report.published->bars)
             : "null";
  out += ",\"damaged\":[";
  for (const char* comma = ""; const Damage& each : all_damages(report)) {
    out += std::exchange(comma, ",");
    append_json_texts({{"where", each.where}, {"what", each.what}, {"cure", each.cure}}, out);
  }
  out += "],\"notes\":[";
  for (const char* comma = ""; const std::string& note : all_notes(report)) {
    out += std::exchange(comma, ",");
    append_json_string(note, out);
  }
  out += "],\"set_aside\":";
  if (report.set_aside.empty())
    out += "null";
  else
    append_json_string(report.set_aside, out);
  return out + fmt::format(",\"published_again\":{}}}\n", report.published_again);
}

}  // namespace tidemark
