#include "io/s3/s3_error.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tidemark {
namespace {

// The first that is found wins. Names in capitals are those of the SDK, the others are of S3's answers.
constexpr std::array<std::pair<std::string_view, S3Trouble>, 36> words_of_troubles{{
    {"NO_SUCH_BUCKET", S3Trouble::NoBucket},
    {"NoSuchBucket", S3Trouble::NoBucket},
    {"INVALID_ACCESS_KEY_ID", S3Trouble::WrongKeys},
    {"InvalidAccessKeyId", S3Trouble::WrongKeys},
    {"SIGNATURE_DOES_NOT_MATCH", S3Trouble::WrongKeys},
    {"SignatureDoesNotMatch", S3Trouble::WrongKeys},
    {"INVALID_SIGNATURE", S3Trouble::WrongKeys},
    {"INVALID_CLIENT_TOKEN_ID", S3Trouble::WrongKeys},
    {"UNRECOGNIZED_CLIENT", S3Trouble::WrongKeys},
    {"MISSING_AUTHENTICATION_TOKEN", S3Trouble::WrongKeys},
    {"ExpiredToken", S3Trouble::WrongKeys},
    {"InvalidToken", S3Trouble::WrongKeys},
    {"HTTP status 401", S3Trouble::WrongKeys},
    {"REQUEST_TIME_TOO_SKEWED", S3Trouble::WrongClock},
    {"RequestTimeTooSkewed", S3Trouble::WrongClock},
    {"REQUEST_EXPIRED", S3Trouble::WrongClock},
    {"AuthorizationHeaderMalformed", S3Trouble::WrongRegion},
    {"PermanentRedirect", S3Trouble::WrongRegion},
    {"HTTP status 301", S3Trouble::WrongRegion},
    {"region was expected", S3Trouble::WrongRegion},
    {"ACCESS_DENIED", S3Trouble::NotAllowed},
    {"AccessDenied", S3Trouble::NotAllowed},
    {"HTTP status 403", S3Trouble::NotAllowed},
    {"curlCode: 60", S3Trouble::Untrusted},
    {"curlCode: 77", S3Trouble::Untrusted},
    {"curlCode: 35", S3Trouble::Untrusted},
    {"SLOW_DOWN", S3Trouble::Busy},
    {"SlowDown", S3Trouble::Busy},
    {"THROTTLING", S3Trouble::Busy},
    {"SERVICE_UNAVAILABLE", S3Trouble::Busy},
    {"INTERNAL_FAILURE", S3Trouble::Busy},
    {"HTTP status 5", S3Trouble::Busy},
    {"NETWORK_CONNECTION", S3Trouble::Unreachable},
    {"Path does not exist", S3Trouble::Missing},
    {"NO_SUCH_KEY", S3Trouble::Missing},
    {"NoSuchKey", S3Trouble::Missing},
}};

}  // namespace

S3Trouble trouble_of(std::string_view message) {
  for (const auto& [word, trouble] : words_of_troubles)
    if (message.find(word) != message.npos) return trouble;
  return S3Trouble::Other;
}

bool needs_a_person(S3Trouble trouble) {
  return trouble == S3Trouble::NoBucket || trouble == S3Trouble::WrongKeys || trouble == S3Trouble::NotAllowed ||
         trouble == S3Trouble::WrongRegion || trouble == S3Trouble::WrongClock || trouble == S3Trouble::Untrusted;
}

std::string cure_of(S3Trouble trouble, std::string_view place) {
  switch (trouble) {
    case S3Trouble::Missing:
      return "was it removed?";
    case S3Trouble::NoBucket:
      return "make the bucket, or name another one in lake (s3-endpoint says at which server it is looked for)";
    case S3Trouble::WrongKeys:
      return "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary keys) to keys that "
             "the server of s3-endpoint knows, or name a file of them in s3-credentials-file, or a profile in "
             "AWS_PROFILE";
    case S3Trouble::NotAllowed:
      return fmt::format(
          "give these keys the rights s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject and "
          "s3:AbortMultipartUpload on {}/*; or set others (AWS_ACCESS_KEY_ID, s3-credentials-file, AWS_PROFILE)",
          place);
    case S3Trouble::WrongRegion:
      return "set s3-region to the bucket's region";
    case S3Trouble::WrongClock:
      return "set this machine's clock: S3 takes no request that is a quarter of an hour off";
    case S3Trouble::Untrusted:
      return "name the certificates of the server's authority in s3-ca-file, or see whether s3-endpoint is to be "
             "http://";
    case S3Trouble::Busy:
      return "the server is busy or failing, and is asked again later";
    case S3Trouble::Unreachable:
      return "is the server of s3-endpoint running, and can it be reached from here?";
    case S3Trouble::Other:
      break;
  }
  return "the server's log says more";
}

}  // namespace tidemark
