#include "core/transcribe/bar_format.h"

#include <array>

#include "core/enum_names.h"

namespace tidemark {
namespace {

constexpr EnumNames<BarFormat, 5> format_names{"auto", "jsonl", "alpaca", "polygon", "binance"};

}  // namespace

std::string_view to_string(BarFormat format) { return format_names[format]; }

std::optional<BarFormat> parse_bar_format(std::string_view text) { return format_names.find(text); }

std::string symbol_of_file_name(std::string_view path) {
  std::string_view name = path.substr(path.find_last_of('/') + 1);
  constexpr std::array<std::string_view, 7> endings{".gz", ".zst", ".zip", ".json", ".jsonl", ".txt", ".msgpack"};
  for (bool is_cut = true; is_cut;) {
    is_cut = false;
    for (const std::string_view ending : endings)
      if (name.size() > ending.size() && name.ends_with(ending)) name.remove_suffix(ending.size()), is_cut = true;
  }
  return std::string(name);
}

}  // namespace tidemark
