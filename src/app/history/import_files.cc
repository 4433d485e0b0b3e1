#include "app/history/import_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace tidemark {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name.starts_with('_');
}

// "BTC%2FUSD" → "BTC/USD"
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                           std::from_chars(&text[i + 1], &text[i + 1] + 2, value, 16).ptr == &text[i + 1] + 2;
    out += is_escape ? static_cast<char>(value) : text[i];
    if (is_escape) i += 2;
  }
  return out;
}

Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    if (is_hidden(each->path())) {
      if (each->is_directory(error)) each.disable_recursion_pending();
      continue;
    }
    if (each->is_regular_file(error)) files.push_back(each->path().string());
  }
  if (error) return std::unexpected(Error::setup(fmt::format("cannot read {}: {}", folder, error.message())));
  if (files.empty())
    return std::unexpected(Error::setup(fmt::format("{} is a folder without a file to import", folder)));
  std::ranges::sort(files);
  return files;
}

}  // namespace

Result<std::vector<std::string>> files_of(const std::vector<std::string>& operands) {
  std::vector<std::string> files;
  for (const std::string& operand : operands) {
    std::error_code none;
    if (operand == "-" || !fs::is_directory(operand, none)) {
      files.push_back(operand);
      continue;
    }
    auto inside = files_in(operand);
    if (!inside) return inside;
    files.insert(files.end(), inside->begin(), inside->end());
  }
  return files;
}

std::optional<std::string> symbol_of_folders(std::string_view path) {
  std::optional<std::string> symbol;
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
    const std::string_view folder = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    for (const std::string_view key : {"symbol=", "ticker="})
      if (folder.starts_with(key) && folder.size() > key.size()) symbol = decoded(folder.substr(key.size()));
  }
  return symbol;
}

}  // namespace tidemark
