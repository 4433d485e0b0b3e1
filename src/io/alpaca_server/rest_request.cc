#include "io/alpaca_server/rest_request.h"

#include "core/wire/base64.h"

namespace tidemark {

const std::string* RestRequest::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters)
    if (known == name) return &value;
  return nullptr;
}

std::optional<RestRequest> parse_rest_target(std::string_view target) {
  // A plus is kept, because it occurs in time zones and no value has a space.
  auto parsed = parse_target(target, Plus::IsPlus);
  if (!parsed) return std::nullopt;
  return RestRequest{
      .path = std::move(parsed->path), .parameters = std::move(parsed->parameters), .key = {}, .secret = {}};
}

std::optional<std::pair<std::string, std::string>> parse_basic_authorization(std::string_view value) {
  constexpr std::string_view scheme = "Basic ";
  if (!value.starts_with(scheme)) return std::nullopt;
  const auto pair = parse_base64(value.substr(scheme.size()));
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(pair->substr(0, colon), pair->substr(colon + 1));
}

}  // namespace tidemark
