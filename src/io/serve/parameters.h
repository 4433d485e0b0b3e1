// Parameters of a request, checked strictly: a typing error is a refusal, not an empty list.
#pragma once

#include <cstddef>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "core/time/time.h"
#include "io/serve/request.h"

namespace tidemark {

using Refused = std::unexpected<Response>;

// 400, with the parameter's name.
Refused refused(std::string_view field, std::string_view message);

// The refusal of a parameter that is unknown or given twice; `token` is always known.
std::optional<Response> refuse_others(const Request& request, std::initializer_list<std::string_view> known);

// A whole number from `least` to `most`; `otherwise` if the parameter is missing.
std::expected<std::size_t, Response> count_in(const Request& request, std::string_view name, std::size_t least,
                                              std::size_t most, std::size_t otherwise);

// A time; empty if the parameter is missing.
std::expected<std::optional<EventTime>, Response> time_in(const Request& request, std::string_view name);

}  // namespace tidemark
