#include "io/s3/s3_url.h"

#include <fmt/format.h>

#include <algorithm>

namespace tidemark {
namespace {

constexpr std::string_view s3_scheme = "s3://";

// Amazon's rule, which other servers share (docs.aws.amazon.com, "Bucket naming rules").
bool is_bucket(std::string_view text) {
  const auto is_inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  const auto is_outer = [&](char c) { return is_inner(c) && c != '-' && c != '.'; };
  return text.size() >= 3 && text.size() <= 63 && std::ranges::all_of(text, is_inner) && is_outer(text.front()) &&
         is_outer(text.back()) && text.find("..") == text.npos;
}

// Names that tools take for something else: an empty one, "." and "..", control characters.
bool has_strange_names(const std::string& prefix) {
  const std::string bounded = '/' + prefix + '/';
  return bounded.find("//") != std::string::npos || bounded.find("/./") != std::string::npos ||
         bounded.find("/../") != std::string::npos ||
         std::ranges::any_of(prefix, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

bool is_s3_url(std::string_view text) { return text.starts_with(s3_scheme); }

Result<S3Url> parse_s3_url(std::string_view setting, std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(Error::setup(fmt::format("{}: \"{}\" {}; write s3://BUCKET/PREFIX", setting, text, why)));
  };
  if (!is_s3_url(text)) return wrong("is no place in S3");
  const std::string_view rest = text.substr(s3_scheme.size());
  const std::size_t slash = rest.find('/');
  S3Url url{.bucket = std::string(rest.substr(0, slash)),
            .prefix = std::string(slash == rest.npos ? "" : rest.substr(slash + 1))};
  if (!is_bucket(url.bucket))
    return wrong("names no bucket: 3 to 63 small letters, digits, dots and dashes, without keys before it");
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (!url.prefix.empty() && has_strange_names(url.prefix))
    return wrong("has a prefix with an empty name, a dot for a name, or a control character");
  return url;
}

std::string to_text(const S3Url& url) {
  return fmt::format("{}{}{}{}", s3_scheme, url.bucket, url.prefix.empty() ? "" : "/", url.prefix);
}

}  // namespace tidemark
