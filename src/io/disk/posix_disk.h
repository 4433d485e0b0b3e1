// The POSIX disk: files, folders and locks of the machine itself.
//
// Errors are retryable, name the path, and say what a person can do about it.
#pragma once

#include <memory>

#include "run/disk.h"

namespace tidemark {

std::unique_ptr<Disk> make_posix_disk();

}  // namespace tidemark
