// Parses the target of an HTTP request, and encodes text for one.
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

// Empty if a percent sign is not followed by two digits, or if something decodes to a control character or invalid
// UTF-8.
std::optional<Target> parse_target(std::string_view target, Plus in_query);

// Encodes a text for use in a query.
std::string percent_encode(std::string_view text);

}  // namespace tidemark
