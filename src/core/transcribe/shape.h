// Hints for people: what a record that is no bar looks like, and what to do about it. No code decides by them.
#pragma once

#include <string_view>

#include "core/wire/reject.h"

namespace tidemark {

// What a file that is not UTF-8 text is, by its first bytes; empty if it may be such text.
std::string_view hint_for_bytes(std::string_view beginning);

// A clause without a full stop: "this is CSV, which `tidemark import` reads"; empty if nothing is recognized. `record`
// may be only the beginning of a record.
std::string_view hint_for(const Reject& reject, std::string_view record);

}  // namespace tidemark
