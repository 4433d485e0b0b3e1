// The address of a place in S3, as a setting names it: s3://BUCKET[/PREFIX].
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace tidemark {

struct S3Url {
  std::string bucket;
  std::string prefix;  // "warehouse/tidemark", without slashes at its ends; empty: the whole bucket
};

bool is_s3_url(std::string_view text);

// Error::setup names the setting and what is wrong.
Result<S3Url> parse_s3_url(std::string_view setting, std::string_view text);

// As parse_s3_url reads it, without a slash at its end.
std::string to_text(const S3Url& url);

}  // namespace tidemark
