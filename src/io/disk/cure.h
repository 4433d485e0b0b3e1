// What a person can do about a file that the system refuses, by errno.
#pragma once

#include <string_view>

namespace tidemark {

// "free some space there"; never empty.
std::string_view cure_of(int system_error);

// True if it may pass by itself: space is freed, limits are raised, descriptors are closed.
bool is_want_of_room(int system_error);

}  // namespace tidemark
