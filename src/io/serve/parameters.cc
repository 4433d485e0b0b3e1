#include "io/serve/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "core/time/timestamp.h"

namespace tidemark {

Refused refused(std::string_view field, std::string_view message) {
  return Refused(error_response(400, field, message));
}

std::optional<Response> refuse_others(const Request& request, std::initializer_list<std::string_view> known) {
  std::vector<std::string_view> seen;
  for (const auto& [name, value] : request.parameters) {
    if (name == "token") continue;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return error_response(400, name, "unknown parameter");
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      return error_response(400, name, "this parameter is given twice");
    }
    seen.push_back(name);
  }
  return std::nullopt;
}

std::expected<std::size_t, Response> count_in(const Request& request, std::string_view name, std::size_t least,
                                              std::size_t most, std::size_t otherwise) {
  const std::string* text = request.parameter(name);
  if (!text) return otherwise;
  std::size_t value = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || rest != end || value < least || value > most) {
    return refused(name, fmt::format("a whole number from {} to {}", least, most));
  }
  return value;
}

std::expected<std::optional<EventTime>, Response> time_in(const Request& request, std::string_view name) {
  const std::string* text = request.parameter(name);
  if (!text) return std::nullopt;
  if (const auto parsed = parse_timestamp(*text)) return parsed;
  return refused(name, "a time such as 2026-11-22 14:30:00 or 2026-11-22T14:30:00Z");
}

}  // namespace tidemark
