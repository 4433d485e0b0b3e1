// The target of an HTTP request taken apart, and texts as they may stand in one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidemark {

using Parameters = std::vector<std::pair<std::string, std::string>>;  // decoded, in order

struct Target {
  std::string path;  // decoded, without the query
  Parameters parameters;
};

// In a query of HTML forms a plus is a space.
enum class Plus : std::uint8_t { IsPlus, IsSpace };

// None where a percent sign is not followed by two digits, or something decodes to a control character or to no UTF-8.
std::optional<Target> parse_target(std::string_view target, Plus in_query);

// A text as it may stand in a query.
std::string percent_encode(std::string_view text);

}  // namespace tidemark
