// Which commit this program was built from, as `git describe` says it; empty where there was no checkout
// (cmake/Revision.cmake).
#pragma once

namespace tidemark {

extern const char* const revision;

}  // namespace tidemark
