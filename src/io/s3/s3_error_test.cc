// The messages are those that Arrow 26 gives for answers of moto 5.2 and of closed ports, and Amazon's documented error codes.
#include "io/s3/s3_error.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

struct Told {
  std::string_view message;
  S3Trouble trouble;
  bool needs_a_person;
  std::string_view cure;
};

TEST(S3Error, TheCureFitsTheAnswer) {
  constexpr std::array cases{
      Told{"When uploading object with key 'a' in bucket 'b': AWS Error NO_SUCH_BUCKET during PutObject operation: The "
           "specified bucket does not exist",
           S3Trouble::NoBucket, true, "make the bucket"},
      Told{"AWS Error INVALID_ACCESS_KEY_ID during PutObject operation: The AWS Access Key Id you provided does not "
           "exist "
           "in our records.",
           S3Trouble::WrongKeys, true, "AWS_ACCESS_KEY_ID"},
      Told{
          "AWS Error SIGNATURE_DOES_NOT_MATCH during PutObject operation: The request signature we calculated does not "
          "match the signature you provided.",
          S3Trouble::WrongKeys, true, "s3-credentials-file"},
      Told{
          "AWS Error UNKNOWN (HTTP status 400) during PutObject operation: Unable to parse ExceptionName: ExpiredToken "
          "Message: The provided token has expired.",
          S3Trouble::WrongKeys, true, "AWS_SESSION_TOKEN"},
      Told{"AWS Error ACCESS_DENIED during PutObject operation: Access Denied", S3Trouble::NotAllowed, true,
           "s3:PutObject"},
      Told{"AWS Error UNKNOWN (HTTP status 400) during PutObject operation: Unable to parse ExceptionName: "
           "AuthorizationHeaderMalformed Message: The authorization header is malformed",
           S3Trouble::WrongRegion, true, "s3-region"},
      Told{"AWS Error UNKNOWN (HTTP status 301) during HeadObject operation: No response body.", S3Trouble::WrongRegion,
           true, "s3-region"},
      Told{"AWS Error REQUEST_TIME_TOO_SKEWED during PutObject operation: The difference between the request time and "
           "the "
           "current time is too large.",
           S3Trouble::WrongClock, true, "clock"},
      Told{"AWS Error NETWORK_CONNECTION during PutObject operation: curlCode: 60, SSL peer certificate or SSH remote "
           "key "
           "was not OK",
           S3Trouble::Untrusted, true, "s3-ca-file"},
      Told{"AWS Error SLOW_DOWN during PutObject operation: Please reduce your request rate.", S3Trouble::Busy, false,
           "later"},
      Told{"AWS Error UNKNOWN (HTTP status 502) during HeadObject operation: No response body.", S3Trouble::Busy, false,
           "later"},
      Told{"AWS Error NETWORK_CONNECTION during PutObject operation: curlCode: 7, Could not connect to server",
           S3Trouble::Unreachable, false, "s3-endpoint"},
      Told{"Path does not exist 'lake/x'. Detail: [errno 2] No such file or directory", S3Trouble::Missing, false,
           "removed"},
      Told{"AWS Error UNKNOWN (HTTP status 418) during PutObject operation: teapot", S3Trouble::Other, false,
           "server's log"},
  };
  for (const Told& each : cases) {
    const S3Trouble trouble = trouble_of(each.message);
    EXPECT_EQ(trouble, each.trouble) << each.message;
    EXPECT_EQ(needs_a_person(trouble), each.needs_a_person) << each.message;
    EXPECT_NE(cure_of(trouble, "s3://b/lake").find(each.cure), std::string::npos) << cure_of(trouble, "s3://b/lake");
  }
}

}  // namespace
}  // namespace tidemark
