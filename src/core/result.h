// Result: a value, or an error message that says why there is none (ARCHITECTURE.md, error model).
//
// For failures of the outside world (a full disk, an unreachable broker) and for a wrong setup. Bad data is not an
// Error but a Reject; a broken promise is a CHECK.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace tidemark {

class Error {
 public:
  // Trying again may help: a resource was busy, unreachable or full.
  static Error retryable(std::string message) { return Error(std::move(message), Kind::Retryable); }
  // Trying again cannot help: a file is damaged, or a server refused the request.
  static Error permanent(std::string message) { return Error(std::move(message), Kind::Permanent); }
  // The operator has to change a setting. The message names it and the cure. Exit code 2.
  static Error setup(std::string message) { return Error(std::move(message), Kind::Setup); }

  const std::string& message() const { return message_; }
  bool is_retryable() const { return kind_ == Kind::Retryable; }
  bool is_setup() const { return kind_ == Kind::Setup; }

  // The same error, prefixed with what was being done: "cannot open the log: disk full".
  Error while_doing(std::string_view what) const { return Error(std::string(what) + ": " + message_, kind_); }

 private:
  enum class Kind { Retryable, Permanent, Setup };
  Error(std::string message, Kind kind) : message_(std::move(message)), kind_(kind) {}

  std::string message_;
  Kind kind_;
};

template <typename T>
using Result = std::expected<T, Error>;

}  // namespace tidemark
