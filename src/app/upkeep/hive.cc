#include "app/upkeep/hive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/command_line/setting_flags.h"
#include "app/config/settings.h"
#include "app/data_dir/hive_place.h"
#include "app/data_dir/lake_place.h"
#include "app/process/exit_code.h"
#include "app/process/fail.h"
#include "app/process/tell.h"
#include "io/hive/hive_url.h"

namespace tidemark {
namespace {

Result<std::vector<TableReport>> examine_all(const RunOptions& run, bool with_mending) {
  const auto place = LakePlace::of_data(run, LakePlace::Use::Question);
  if (!place) return std::unexpected(place.error());
  const auto tables = hive_tables_of(run, *place);
  if (!tables) return std::unexpected(tables.error());
  const auto metastore = open_metastore(run, *place);
  const auto lake = open_inventory(*place);
  std::vector<TableReport> reports;
  for (const CatalogTable& table : *tables) {
    auto report = examine(*metastore, *lake, table);
    if (report && with_mending && !report->is_right()) {
      if (auto mended = mend(*metastore, Mend::Everything, *report); !mended) return std::unexpected(mended.error());
      report = examine(*metastore, *lake, table);
    }
    if (!report) return std::unexpected(report.error());
    reports.push_back(std::move(*report));
  }
  return reports;
}

int compare_with_metastore(HiveRequest& request) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  if (!run->hive)
    return fail("hive", Error::setup("hive: no metastore is named; say --hive thrift://HOST:9083, or set hive in "
                                     "tidemark.toml"));
  const auto reports = examine_all(*run, request.options.mend);
  if (!reports) return fail("hive", reports.error());
  const std::string text = request.options.json ? hive_report_as_json(*reports) : hive_report_for_eyes(*reports);
  std::fwrite(text.data(), 1, text.size(), stdout);
  const bool is_right = std::ranges::all_of(*reports, &TableReport::is_right);
  if (!is_right && !request.options.mend && !request.options.json)
    tell("hive", "tidemark hive --mend puts right what is not refused; a run does so for what is missing");
  return is_right ? exit_ok : exit_failed;
}

Result<Command> parse_hive(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  HiveRequest request;
  SettingFlags flags;
  verb.heading("What is done about it");
  verb.toggle("mend", "make, add, move and drop in the metastore until it is as the lake is",
              [&](bool on) { request.options.mend = on; });
  verb.toggle("json", "one JSON object instead of lines for eyes", [&](bool on) { request.options.json = on; });
  flags.add_to(verb, {hive_group});
  verb.heading(storage_group);
  flags.add_existing_data(verb);
  flags.add_to(verb, *find_setting(run_settings(), "lake"));
  return parse_words(verb, words, [&]() -> Result<Command> {
    request.run = flags.take();
    return Command(std::move(request), compare_with_metastore);
  });
}

}  // namespace

extern const VerbSpec hive_verb{
    .name = "hive",
    .summary = "does a metastore know the lake as it is",
    .usage = "[OPTIONS]",
    .about = R"(Compares the tables stock_trends and bars of a Hive metastore with the lake: their
place and columns, and the partitions with the days. It only reads, also beside a
run. --mend makes the metastore as the lake is: tables and partitions that are
missing are made, partitions without a folder dropped (files are never touched). A
table that somebody else has changed is refused, with the reason and the cure.)",
    .examples = R"(  tidemark hive --hive thrift://metastore:9083
  tidemark hive --mend
  tidemark hive --json | jq '.tables[].missing_partitions')",
    .parse = parse_hive};

}  // namespace tidemark
