// What a test cannot go on without: the value of a result, or an exception with its error.
#pragma once

#include <stdexcept>
#include <utility>

#include "core/result.h"

namespace tidemark {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(*result);
}
inline void must(Result<void> result) {
  if (!result) throw std::runtime_error(result.error().message());
}

}  // namespace tidemark
