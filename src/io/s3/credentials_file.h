// A file with keys for S3, in the form of ~/.aws/credentials with one profile:
//
//     [default]
//     aws_access_key_id = …
//     aws_secret_access_key = …
//     aws_session_token = …        of temporary keys only
#pragma once

#include <string>

#include "core/result.h"
#include "io/s3/s3_access.h"

namespace tidemark {

// Error::setup names the file and the line, and shows none of its text.
Result<S3Keys> read_credentials_file(const std::string& path);

}  // namespace tidemark
