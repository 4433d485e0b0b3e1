#include "app/doctor/version_build.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "app/process/build_facts.h"
#include "app/process/loaded_libraries.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

void append_text(std::string_view name, std::string_view text, std::string& out) {
  if (!out.ends_with('{')) out += ',';
  append_json_string(name, out);
  out += ':';
  append_json_string(text, out);
}

std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string out = "{";
  for (const auto& [name, text] : members)
    if (!text.empty()) append_text(name, text, out);
  return out + "}";
}

std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

}  // namespace

std::vector<PartFacts> part_facts() {
  auto loaded = loaded_libraries();
  std::set<std::string_view> packages;
  for (const BuiltPart& part : build_facts.parts) packages.insert(part.package);
  const auto versions = installed_versions(packages);

  std::vector<PartFacts> facts;
  for (const BuiltPart& part : build_facts.parts) {
    PartFacts fact{
        .file = std::string(part.file), .package = std::string(part.package), .built = std::string(part.version)};
    if (const auto found = loaded.find(part.file); found != loaded.end()) {
      fact.loaded = found->second;
      if (const auto version = versions.find(part.package); version != versions.end()) fact.runs = version->second;
      loaded.erase(found);
    }
    facts.push_back(std::move(fact));
  }
  for (const auto& [name, file] : loaded) facts.push_back({.file = name, .loaded = file});
  return facts;
}

std::string build_text() {
  std::string out = fmt::format("build     {}, on {}\nflags     {}\nlinker    {}\n\n", build_facts.type,
                                build_facts.system, build_facts.flags, build_facts.link_flags);
  out += fmt::format("{:<24}{:<24}{:<28}{}\n", "part", "package", "built with", "runs with");
  for (const PartFacts& part : part_facts()) {
    const std::string& runs = part.runs.empty() ? part.loaded : part.runs;
    out += fmt::format("{:<24}{:<24}{:<28}{}\n", part.file, or_dash(part.package), or_dash(part.built), or_dash(runs));
  }
  return out;
}

std::string build_json() {
  std::string out = "\"build\":" + object({{"type", build_facts.type},
                                           {"system", build_facts.system},
                                           {"flags", build_facts.flags},
                                           {"link_flags", build_facts.link_flags}});
  out += ",\"parts\":[";
  for (const PartFacts& part : part_facts()) {
    if (!out.ends_with('[')) out += ',';
    out += object({{"file", part.file},
                   {"package", part.package},
                   {"built", part.built},
                   {"runs", part.runs},
                   {"loaded", part.loaded}});
  }
  return out + "]";
}

}  // namespace tidemark
