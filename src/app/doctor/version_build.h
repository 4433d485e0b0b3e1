// What `tidemark version --build` adds: how the program was built, and with which libraries it was built and runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

struct PartFacts {
  std::string file;     // "libssl.so.3", "g++-12", "beast.hpp"
  std::string package;  // "libssl3"; empty when it is not known
  std::string built;    // its version when the program was built
  std::string runs;     // its version now; empty when it is not loaded, or of no known package
  std::string loaded;   // the file behind the name; empty when it is not loaded
};

// Parts of the build, then libraries that are loaded besides, each in the order of its names.
std::vector<PartFacts> part_facts();

std::string build_text();

// The members of a JSON object, without its braces: "build":{…},"parts":[…].
std::string build_json();

}  // namespace tidemark
