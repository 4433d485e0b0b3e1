// RestRequest: a parsed call of the REST API: path, parameters, keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "io/net/request_target.h"

namespace tidemark {

struct RestRequest {
  std::string path;
  Parameters parameters;
  std::string key, secret;  // empty if the headers are missing

  const std::string* parameter(std::string_view name) const;
};

// Parses "/v2/stocks/bars?symbols=AAPL%2CMSFT"; none if that fails.
std::optional<RestRequest> parse_rest_target(std::string_view target);

// Key and secret of "Authorization: Basic …"; none for anything else.
std::optional<std::pair<std::string, std::string>> parse_basic_authorization(std::string_view value);

}  // namespace tidemark
