// The page built into the binary: every file that Vite made from web/, ready to be sent.
//
// cmake/embed_web.py makes the table when the program is built. It is empty if the page was not built.
#pragma once

#include <span>
#include <string_view>

namespace tidemark {

struct WebAsset {
  std::string_view path;                    // as in the request: "/assets/index-Bz3f.js"
  std::string_view content_type;            // "text/javascript; charset=utf-8"
  std::string_view etag;                    // with its quotes, of the identity form
  std::span<const unsigned char> identity;  // the file
  std::span<const unsigned char> gzip;      // the same, for "Accept-Encoding: gzip"
};

// All files, sorted by path. They live as long as the program.
std::span<const WebAsset> web_assets();

}  // namespace tidemark
