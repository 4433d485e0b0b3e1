// S3Access: how to reach a bucket: the server, the keys, the certificates.
#pragma once

#include <string>

#include "io/net/secret.h"

namespace tidemark {

// Empty: the AWS SDK looks for others in its usual places (AWS_PROFILE, ~/.aws, a web identity, the instance's role).
struct S3Keys {
  Secret id;      // aws_access_key_id
  Secret secret;  // aws_secret_access_key
  Secret token;   // aws_session_token, of temporary keys
};

struct S3Access {
  std::string endpoint;  // "https://minio.example:9000"; empty: Amazon's
  std::string region;    // empty: that of the bucket, or us-east-1 at another endpoint
  S3Keys keys;
  std::string ca_file;  // certificates to trust, PEM; empty: those of the system
};

}  // namespace tidemark
