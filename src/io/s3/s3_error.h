// What S3 says when it refuses, as the AWS SDK and Arrow put it into words, and what a person can do about it.
//
//     "When uploading object with key 'a' in bucket 'b': AWS Error ACCESS_DENIED during PutObject operation: Access Denied"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark {

enum class S3Trouble : std::uint8_t {
  Missing,      // no such object
  NoBucket,     // there is no such bucket
  WrongKeys,    // the server does not know them, or they have expired
  NotAllowed,   // it knows them, and they may not do this
  WrongRegion,  // the bucket is elsewhere
  WrongClock,   // this machine's clock is off by more than a quarter of an hour
  Untrusted,    // TLS: the certificate is not to be believed
  Busy,         // SlowDown, 503, 500: later
  Unreachable,  // no connection, or it broke
  Other,
};

S3Trouble trouble_of(std::string_view message);

// Whether a person has to change a setting, a right or the clock: waiting does not help.
bool needs_a_person(S3Trouble trouble);

// "give these keys the right …"; never empty. `place` is the bucket and the path.
std::string cure_of(S3Trouble trouble, std::string_view place);

}  // namespace tidemark
