#include "app/process/loaded_libraries.h"

#include <link.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace tidemark {
namespace {

using Names = std::map<std::string, std::string, std::less<>>;

int note_library(dl_phdr_info* info, std::size_t, void* names) {
  const std::filesystem::path path(info->dlpi_name);
  if (!path.is_absolute()) return 0;  // the program itself, and what the kernel maps
  std::error_code unreadable;
  const std::filesystem::path file = std::filesystem::canonical(path, unreadable);
  static_cast<Names*>(names)->emplace(path.filename(), unreadable ? path.filename() : file.filename());
  return 0;
}

std::optional<std::string_view> value_of(std::string_view line, std::string_view field) {
  if (!line.starts_with(field)) return std::nullopt;
  return line.substr(field.size());
}

}  // namespace

Names loaded_libraries() {
  Names names;
  dl_iterate_phdr(note_library, &names);
  return names;
}

Names installed_versions(const std::set<std::string_view>& packages) {
  Names versions;
  std::ifstream status("/var/lib/dpkg/status");
  std::string package;
  bool is_installed = false;
  for (std::string line; std::getline(status, line);) {
    if (const auto name = value_of(line, "Package: ")) {
      package = *name;
      is_installed = false;
    } else if (const auto state = value_of(line, "Status: ")) {
      is_installed = state->ends_with(" installed");
    } else if (const auto version = value_of(line, "Version: ")) {
      if (is_installed && packages.contains(package)) versions.emplace(package, *version);
    }
  }
  return versions;
}

}  // namespace tidemark
