// What `tidemark version --build` adds: how the program was built, and which libraries it was built with and runs with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidemark {

struct PartFacts {
  std::string file;     // "libssl.so.3", "g++-12", "beast.hpp"
  std::string package;  // "libssl3"; empty if unknown
  std::string built;    // its version at build time
  std::string runs;     // its version now; empty if it is not loaded, or its package is unknown
  std::string loaded;   // the file behind the name; empty if it is not loaded
};

// The parts of the build, then other loaded libraries, each group in the order of names.
std::vector<PartFacts> part_facts();

std::string build_text();

// The members of a JSON object, without its braces: "build":{…},"parts":[…].
std::string build_json();

}  // namespace tidemark
