// A call of the REST API taken apart: path, parameters, keys.
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
  std::string key, secret;  // empty where the headers are missing

  const std::string* parameter(std::string_view name) const;
};

// "/v2/stocks/bars?symbols=AAPL%2CMSFT"; empty when it cannot be read.
std::optional<RestRequest> parse_rest_target(std::string_view target);

// Key and secret of "Authorization: Basic …"; empty for anything else.
std::optional<std::pair<std::string, std::string>> parse_basic_authorization(std::string_view value);

}  // namespace tidemark
