// Finds the file for a path, in the encoding that the browser accepts.
#include "io/serve/pages.h"

#include <algorithm>

namespace tidemark {
namespace {

// Only styles are allowed inline, because the charts set theirs from script.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view placeholder =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tidemark</title>"
    "<p>Tidemark is running, but this binary was built without its page. "
    "The numbers are at <a href=\"/api/v1/symbols\">/api/v1/symbols</a>.</p></html>\n";

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Removes the text up to the next `mark` from the front and returns it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return without_blanks(part);
}

bool accepts_gzip(const Request& request) {
  std::string_view rest = request.accept_encoding ? *request.accept_encoding : std::string_view();
  while (!rest.empty()) {
    std::string_view parameters = take_until(rest, ',');
    if (take_until(parameters, ';') != "gzip") continue;
    const std::string_view quality = without_blanks(parameters);
    return !quality.starts_with("q=0") || quality.find_first_of("123456789") != quality.npos;
  }
  return false;
}

void protect(Response& response) {
  response.headers.emplace_back("Content-Security-Policy", content_security_policy);
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
}

Response page(const Request& request, const WebAsset& asset) {
  const bool packed = accepts_gzip(request) && asset.gzip.size() < asset.identity.size();
  std::string etag(asset.etag);
  if (packed) etag.insert(etag.size() - 1, "-gzip");  // one tag per encoding

  Response response{.content_type = asset.content_type};
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  // Names contain no hash, so a browser asks each time. The answer is nearly always 304.
  response.headers.emplace_back("Cache-Control", "no-cache");
  protect(response);
  if (request.knows(etag)) {
    response.status = 304;
    return response;
  }
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  response.embedded = packed ? asset.gzip : asset.identity;
  return response;
}

}  // namespace

std::optional<Response> find_page(const Request& request, std::span<const WebAsset> assets) {
  const std::string_view path = request.path == "/" ? "/index.html" : std::string_view(request.path);
  for (const WebAsset& asset : assets) {
    if (asset.path == path) return page(request, asset);
  }
  if (path != "/index.html") return std::nullopt;
  Response response{.content_type = "text/html; charset=utf-8", .body = std::string(placeholder)};
  protect(response);
  return response;
}

}  // namespace tidemark
