// A process that answers for another one ends with it, however that one ends.
#pragma once

#include <string_view>

namespace tidemark {

// In a child's environment: its parent's number (io/serve/child.h sets it).
inline constexpr std::string_view parent_variable = "TIDEMARK_PARENT";

// If the environment names a parent: the kernel kills this process when that one's thread ends, and it ends at once when that one
// is gone already. Takes the name out of the environment. Called first of all.
void end_with_parent();

}  // namespace tidemark
