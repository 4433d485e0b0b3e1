// Whether a file that somebody named can be read, asked before anything is made for it.
#pragma once

#include <string>

#include "core/result.h"

namespace tidemark {

// "-" is standard input, which can. Error::setup: "cannot read FILE: No such file or directory".
Result<void> check_readable(const std::string& file);

// That error, of a system call that has just failed with this errno.
Error cannot_read(const std::string& file, int error);

}  // namespace tidemark
