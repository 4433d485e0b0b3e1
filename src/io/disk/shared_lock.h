// SharedLock: a lock (flock) that many may hold to read, or one to change.
//
// It is released when it is destroyed or its process ends.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"

namespace tidemark {

class SharedLock {
 public:
  virtual ~SharedLock() = default;
  // Waits until no other process or thread reads; then this one may change what it guards.
  virtual Result<void> make_exclusive() = 0;
  virtual Result<void> make_shared() = 0;
};

// Waits while somebody changes what the lock guards. The file is made with mode 0600.
Result<std::unique_ptr<SharedLock>> lock_to_read(const std::string& path);

}  // namespace tidemark
