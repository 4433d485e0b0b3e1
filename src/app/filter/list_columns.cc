#include "app/filter/list_columns.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace tidemark {
namespace {

std::optional<std::size_t> place_of(const std::string& column) {
  constexpr std::size_t most = 99;
  std::size_t place = 0;
  const char* const end = column.data() + column.size();
  const auto [rest, error] = std::from_chars(column.data(), end, place);
  return error == std::errc{} && rest == end && place >= 1 && place <= most ? std::optional(place) : std::nullopt;
}

}  // namespace

Result<void> take_list_columns(std::span<const ColumnChoice> choices, TranscribeOptions& options) {
  TranscribeOptions taken = options;
  for (const ColumnChoice& choice : choices) {
    if (choice.field == FieldName::Symbol && choice.columns.empty()) {
      taken.symbol = choice.value;
      continue;
    }
    const auto place = choice.columns.size() == 1 ? place_of(choice.columns.front()) : std::nullopt;
    if (!place)
      return std::unexpected(Error::setup(fmt::format(
          "in lists {} is given by its place, from 1 to 99, as in timestamp=1,open=2; only the symbol can be given as "
          "symbol=@NAME",
          to_string(choice.field))));
    if (taken.list_fields.size() < *place) taken.list_fields.resize(*place);
    taken.list_fields[*place - 1] = to_string(choice.field);
  }
  options = std::move(taken);
  return {};
}

}  // namespace tidemark
