#include "app/data_dir/chosen_symbols.h"

#include <fmt/format.h>

#include <utility>

#include "app/config/feed_spec.h"
#include "app/config/simulated_symbols.h"
#include "app/config/value_text.h"
#include "io/disk/small_file.h"

namespace tidemark {
namespace {

constexpr unsigned usual_mode = 0600;

std::string path_in(const std::filesystem::path& data) { return (data / chosen_symbols_name).string(); }

}  // namespace

Result<std::optional<SymbolList>> chosen_symbols(const std::filesystem::path& data) {
  const auto text = read_small_file(path_in(data));
  if (!text) return std::unexpected(Error::setup(text.error().message()));
  if (!*text) return std::nullopt;
  auto symbols = read_symbols(**text);
  if (symbols) return std::move(*symbols);
  return std::unexpected(
      Error::setup(fmt::format("{}: {}; correct it (one symbol a line), or remove it to use the setting symbols",
                               path_in(data), symbols.error().message())));
}

Result<void> choose_symbols(const std::filesystem::path& data, const std::optional<SymbolList>& symbols) {
  return symbols ? replace_small_file(path_in(data), write_symbols(*symbols), usual_mode)
                 : remove_small_file(path_in(data));
}

SymbolList set_up_symbols(const RunOptions& options) {
  SymbolList names;
  for (SimulatedSymbol& symbol : simulated_symbols(options.symbols)) names.push_back(std::move(symbol.name));
  return names;
}

std::optional<Error> why_not_chosen(const FeedSpec& feed) {
  if (feed.has_chosen_symbols) return std::nullopt;
  return Error::setup(fmt::format(
      "the feed {} brings the symbols of its input, whichever they are; only a feed that makes or subscribes to "
      "symbols can be given others",
      feed.name));
}

}  // namespace tidemark
