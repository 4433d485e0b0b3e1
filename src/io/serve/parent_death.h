// Ends a child process when its parent ends, however the parent ends.
#pragma once

#include <string_view>

namespace tidemark {

// The variable in a child's environment that holds its parent's pid (io/serve/child.h sets it).
inline constexpr std::string_view parent_variable = "TIDEMARK_PARENT";

// If the environment names a parent: asks the kernel to kill this process when the parent's thread ends, and exits at
// once if the parent is gone. Removes the variable from the environment. Call it first of all.
void end_with_parent();

}  // namespace tidemark
