// The POSIX disk: files, folders and locks of the machine itself.
//
// Errors are retryable, name the path, and say what a person can do about it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "run/interfaces/disk.h"

namespace tidemark {

std::unique_ptr<Disk> make_posix_disk();

// The process that holds the lock of this file, as it wrote itself down ("unknown" when it did not); none if nobody does.
// Makes and takes nothing.
std::optional<std::string> lock_holder(const std::string& path);

}  // namespace tidemark
