#include "io/query/duckdb_library.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>
#include <vector>

namespace tidemark::duckdb {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "libduckdb.so";

std::vector<std::string> candidates(const std::string& path) {
  if (!path.empty()) return {path};
  std::vector<std::string> found;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "lib" / "tidemark" / file_name;
  for (const fs::path& file : {installed, fs::path(TIDEMARK_DUCKDB_LIBRARY)}) {
    if (fs::exists(file, error)) found.push_back(file.string());
  }
  found.emplace_back(file_name);
  return found;
}

Error missing(const std::string& reason) {
  return Error::setup(
      fmt::format("questions need DuckDB, which could not be loaded ({}): ./dev build brings it into .deps/, "
                  "and an installed tidemark has it in ../lib/tidemark/{} beside its folder",
                  reason, file_name));
}

Result<Library> look_up(void* handle) {
  Library library;
  // NOLINTBEGIN(bugprone-macro-parentheses)
#define TIDEMARK_DUCKDB_LOOK_UP(name, result, parameters)                                  \
  library.name = reinterpret_cast<result(*) parameters>(::dlsym(handle, "duckdb_" #name)); \
  if (library.name == nullptr) return std::unexpected(missing("it has no duckdb_" #name));
  TIDEMARK_DUCKDB_FUNCTIONS(TIDEMARK_DUCKDB_LOOK_UP)
#undef TIDEMARK_DUCKDB_LOOK_UP
  // NOLINTEND(bugprone-macro-parentheses)
  return library;
}

Result<Library> open(const std::string& path) {
  std::string reason;
  for (const std::string& candidate : candidates(path)) {
    if (void* handle = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL)) return look_up(handle);
    if (reason.empty()) reason = ::dlerror();
  }
  return std::unexpected(missing(reason));
}

}  // namespace

Result<const Library*> load_library(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, Library> opened;
  const std::lock_guard lock{mutex};
  if (const auto known = opened.find(path); known != opened.end()) return &known->second;
  auto library = open(path);
  if (!library) return std::unexpected(library.error());
  return &opened.emplace(path, *library).first->second;
}

}  // namespace tidemark::duckdb
