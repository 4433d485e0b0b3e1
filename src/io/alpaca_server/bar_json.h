// Bars and messages of Alpaca's API as JSON. Numbers keep exactly their digits.
#pragma once

#include <string>
#include <string_view>

#include "io/alpaca_server/tape.h"

namespace tidemark {

// An element of a page of history, with members in the order of their names.
void append_rest_bar(const TapeBar& bar, std::string& out);
// A bar of the stream; `type` is b, u or d.
void append_stream_bar(char type, std::string_view symbol, const TapeBar& bar, std::string& out);

std::string rest_message(std::string_view message);  // {"message":"…"}

}  // namespace tidemark
