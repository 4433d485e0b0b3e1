// No symbolic link is followed for a file that decides who may do what: the log, its locks, tokens. Whoever could put a link
// there would choose what is read, or written over.
#pragma once

#include <string>

#include "core/result.h"

namespace tidemark {

// The sentence for it, with the cure.
Error symbolic_link(const std::string& path);

// An error where the last part of the path is a symbolic link; fine where nothing is there.
Result<void> refuse_symbolic_link(const std::string& path);

// Makes the file, empty and with the mode whatever the umask says, unless it is there: then it stays as it is. A symbolic link is
// refused.
Result<void> make_private_file(const std::string& path, unsigned mode = 0600);

}  // namespace tidemark
