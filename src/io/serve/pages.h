// The page: the files of the built web application, embedded in the binary.
#pragma once

#include <optional>
#include <span>

#include "io/serve/request.h"
#include "io/serve/web_assets.h"

namespace tidemark {

// The file for this path; empty if there is none. `/` is index.html, or a sentence that says so if no page was built
// in.
std::optional<Response> find_page(const Request& request, std::span<const WebAsset> assets);

}  // namespace tidemark
