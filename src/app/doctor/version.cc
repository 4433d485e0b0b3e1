#include "app/doctor/version.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "app/command_line/command.h"
#include "app/command_line/option_parser.h"
#include "app/doctor/version_build.h"
#include "app/process/exit_code.h"
#include "app/process/revision.h"
#include "core/wire/encode.h"

// Declared here, because only one room of io may include SQLite's header.
extern "C" const char* sqlite3_libversion(void);

namespace tidemark {
namespace {

constexpr std::string_view compiler =
#if defined(__clang__)
    "clang " __clang_version__;
#else
    "gcc " __VERSION__;
#endif

// The file name of a linked library: libarrow.so.2600 is Arrow 26.0.
std::string loaded_file(std::string_view name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto slash = line.rfind('/');
    if (slash != line.npos && std::string_view(line).substr(slash + 1).starts_with(name)) return line.substr(slash + 1);
  }
  return "";
}

using Facts = std::vector<std::pair<std::string_view, std::string>>;

Facts facts() {
  Facts facts{{"version", TIDEMARK_VERSION}, {"revision", revision}, {"compiler", std::string(compiler)}};
  facts.emplace_back("arrow", loaded_file("libarrow.so"));
  facts.emplace_back("fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10'000, FMT_VERSION / 100 % 100, FMT_VERSION % 100));
  facts.emplace_back("sqlite", sqlite3_libversion());
  facts.emplace_back("zlib", loaded_file("libz.so"));
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

int perform(const VersionOptions& options) {
  const Facts known = facts();
  if (!options.json) {
    fmt::print("tidemark {}\n", known.front().second);
    for (std::size_t index = 1; index < known.size(); ++index) {
      fmt::print("{:<10}{}\n", known[index].first, known[index].second);
    }
    if (options.build) fmt::print("{}", build_text());
    return exit_ok;
  }
  std::string out;
  for (const auto& [name, text] : known) {
    out += out.empty() ? "{" : ",";
    append_json_string(name, out);
    out += ':';
    append_json_string(text, out);
  }
  if (options.build) out += "," + build_json();
  fmt::print("{}}}\n", out);
  return exit_ok;
}

Result<Command> parse_version(const VerbSpec& spec, Words words) {
  OptionParser verb(spec);
  VersionOptions options;
  verb.heading("Output");
  verb.toggle("build", "compiler flags, and the packages it was built with and runs with, too",
              [&](bool on) { options.build = on; });
  verb.toggle("json", "as one JSON object", [&](bool on) { options.json = on; });
  return parse_words(verb, words, [&]() -> Result<Command> { return Command(options, perform); });
}

}  // namespace

extern const VerbSpec version_verb{.name = "version",
                                   .summary = "version, compiler and libraries",
                                   .usage = "[OPTIONS]",
                                   .about = "Says what this program was built from and with.",
                                   .examples = R"(  tidemark version
  tidemark version --build                        with flags, and the version of every library
  tidemark version --json | jq -r .version)",
                                   .parse = parse_version};

}  // namespace tidemark
