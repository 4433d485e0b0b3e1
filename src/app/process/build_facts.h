// What this program was built with: flags, and the packages of the compiler and the libraries (cmake/BuildFacts.cmake).
#pragma once

#include <span>
#include <string_view>

namespace tidemark {

// A library under the name that the loader asks for ("libssl.so.3"), a header of a header-only library, or a tool.
struct BuiltPart {
  std::string_view file;
  std::string_view package;  // as the system's package manager calls it; empty when it does not know the file
  std::string_view version;  // of the package
};

struct BuildFacts {
  std::string_view type;        // "Release"
  std::string_view system;      // "Debian GNU/Linux 12 (bookworm), x86_64"
  std::string_view flags;       // of the compiler; without warnings and folders
  std::string_view link_flags;  // of the linker
  std::span<const BuiltPart> parts;
};

extern const BuildFacts build_facts;

}  // namespace tidemark
