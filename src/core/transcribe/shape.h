// Shapes: what a record that is no bar looks like, and what to do with it. A hint for people; nobody decides by it.
#pragma once

#include <string_view>

#include "core/wire/reject.h"

namespace tidemark {

// By its first bytes: what a file is that is no text in UTF-8; empty where it may be such text.
std::string_view hint_for_bytes(std::string_view beginning);

// A clause without a full stop: "this is CSV, which `tidemark import` reads"; empty where nothing is known. `record` may be
// the beginning of one.
std::string_view hint_for(const Reject& reject, std::string_view record);

}  // namespace tidemark
