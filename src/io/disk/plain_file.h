// Refuses symbolic links for files that decide about access: the log, its locks, tokens. Anyone able to place a link
// there could choose what is read or overwritten.
#pragma once

#include <string>

#include "core/result.h"

namespace tidemark {

// The error for it, with the cure.
Error symbolic_link(const std::string& path);

// An error if the last part of the path is a symbolic link; succeeds if nothing is there.
Result<void> refuse_symbolic_link(const std::string& path);

// Makes an empty file with this mode, regardless of the umask. An existing file stays unchanged. A symbolic link is
// refused.
Result<void> make_private_file(const std::string& path, unsigned mode = 0600);

}  // namespace tidemark
