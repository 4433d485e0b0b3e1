// The page: files of the built web application, as they stand in the binary.
#pragma once

#include <optional>
#include <span>

#include "io/serve/request.h"
#include "io/serve/web_assets.h"

namespace tidemark {

// The file for this path; none if there is no such file. `/` is index.html, and where no page was built
// in, a sentence that says so.
std::optional<Response> find_page(const Request& request, std::span<const WebAsset> assets);

}  // namespace tidemark
