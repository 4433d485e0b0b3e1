// Asks the instance that runs on a data directory, through its control socket. Used by the verbs.
//
//     const auto answer = ask_running({.data = "tidemark-data", .method = "POST", .path = "/api/v1/…", .body = json});
//     if (!answer) …                       an Error that says what happened
//     if (!*answer) …                      no instance runs there
//     if ((*answer)->status != 200) …      refused: refusal_in(**answer) has the message
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/result.h"
#include "io/serve/request.h"

namespace tidemark {

struct RunningQuestion {
  std::filesystem::path data;  // the data directory
  std::string method = "GET";
  std::string path;                           // with its query, as in a URL
  std::string body;                           // JSON; sent with POST
  std::chrono::milliseconds timeout{10'000};  // for the whole response
};

// The response, whatever its status; empty if no process works on the directory. Only status and body are filled in.
// Error::retryable: the process exists but does not answer (in time), for example because it is just starting.
Result<std::optional<Response>> ask_running(const RunningQuestion& question);

// The error message in a response whose status is not 200.
std::string refusal_in(const Response& answer);

}  // namespace tidemark
