// A header of a response, for tests.
#pragma once

#include <string>
#include <string_view>

#include "io/serve/request.h"

namespace tidemark {

// Its value, or an empty text where the response has no header of that name.
inline std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace tidemark
