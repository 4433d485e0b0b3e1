// The commit that this program was built from, as `git describe` prints it; empty without a checkout
// (cmake/Revision.cmake).
#pragma once

namespace tidemark {

extern const char* const revision;

}  // namespace tidemark
