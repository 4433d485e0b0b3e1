// What Alpaca's stream says: frames of JSON, each an array of messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/alpaca/bar_text.h"
#include "run/live_feed/fetched_bar.h"

namespace tidemark {

// One frame, its messages by what they are, each kind in order.
struct StreamFrame {
  std::vector<StreamBar> bars;
  bool connected = false, authenticated = false;  // "success"
  bool subscribed = false;                        // a "subscription" came, whose bars are these
  std::vector<std::string> symbols;
  struct Refusal {
    int code = 0;
    std::string message;
  };
  std::vector<Refusal> refusals;  // "error"
};

// `padded` may be changed: room for the parser is added behind its end. Error::permanent: it is no array of messages.
Result<StreamFrame> read_frame(std::string& padded, BarText& text);

// {"action":"auth",…} and {"action":"subscribe","bars":[…],"updatedBars":[…],…}
std::string write_auth(std::string_view key, std::string_view secret);
std::string write_subscription(std::string_view action, const std::vector<std::string>& symbols, bool with_statuses);

}  // namespace tidemark
