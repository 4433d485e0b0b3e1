// What Alpaca's error codes mean for us: what to do, and the sentence that tells people.
#pragma once

#include <string_view>

#include "run/live_feed/bar_stream.h"

namespace tidemark {

// `feed` as in the stream's address. `message` is the server's own.
StreamFault stream_fault(int code, std::string_view message, std::string_view feed);

}  // namespace tidemark
