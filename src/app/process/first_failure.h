// FirstFailure: the error that ends a process, and the agent that met it. Later errors follow from it and are dropped.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/result.h"

namespace tidemark {

class FirstFailure {
 public:
  // From any thread. `where` is the agent that gave up.
  void note(std::string where, const Error& error) {
    const std::lock_guard lock(mutex_);
    if (error_) return;
    error_ = error;
    where_ = std::move(where);
  }
  bool is_there() const {
    const std::lock_guard lock(mutex_);
    return error_.has_value();
  }
  // Only when is_there(). The first failure never changes.
  const Error& error() const { return *error_; }
  const std::string& where() const { return where_; }

 private:
  mutable std::mutex mutex_;
  std::optional<Error> error_;
  std::string where_;
};

}  // namespace tidemark
