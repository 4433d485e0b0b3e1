#include "app/command_line/operands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "app/config/configuration.h"
#include "io/config/nearest.h"
#include "io/config/setting.h"
#include "run/live_feed/symbol_choice.h"

namespace tidemark {

Result<std::optional<SymbolChange>> read_symbol_change(const std::vector<std::string>& words) {
  using Kind = SymbolChange::Kind;
  const auto wrong = [](std::string sentence) { return std::unexpected(Error::setup(std::move(sentence))); };
  if (words.empty() || words.front() == "list" || words.front() == "reset") {
    if (words.size() > 1) return wrong(fmt::format("unexpected word \"{}\" behind {}", words[1], words.front()));
    if (words.empty() || words.front() == "list") return std::nullopt;
    return SymbolChange{.kind = Kind::Reset, .names = {}};
  }
  for (const Kind kind : {Kind::Add, Kind::Remove, Kind::Set}) {
    if (words.front() != to_string(kind)) continue;
    SymbolChange change{.kind = kind, .names = {}};
    for (const std::string& word : std::span(words).subspan(1))
      for (std::string& name : split_for(*find_setting(run_settings(), "symbols"), word))
        change.names.push_back(std::move(name));
    if (auto sane = change_symbols({}, {}, {.kind = Kind::Add, .names = change.names}); !sane)
      return std::unexpected(sane.error());
    return change;
  }
  const std::vector<std::string> known{"list", "add", "remove", "set", "reset"};
  return wrong(fmt::format("unexpected word \"{}\"{}", words.front(), did_you_mean(words.front(), known)));
}

std::optional<Error> take_folder(const std::vector<std::string>& words, std::filesystem::path& folder) {
  if (words.size() != 1 || words.front().empty())
    return Error::setup(words.empty() ? "the folder of the backup is missing" : "only one folder can be named");
  folder = words.front();
  return std::nullopt;
}

}  // namespace tidemark
