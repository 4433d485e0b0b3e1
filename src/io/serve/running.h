// Asking the instance that runs on a data directory, by its control socket: for the verbs.
//
//     const auto answer = ask_running({.data = "tidemark-data", .method = "POST", .path = "/api/v1/…", .body = json});
//     if (!answer) …                       an Error that says what happened
//     if (!*answer) …                      nobody runs there
//     if ((*answer)->status != 200) …      refused: refusal_in(**answer) has its sentence
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
  std::string path;                            // with its query, as it stands in an address
  std::string body;                            // JSON; sent with POST
  std::chrono::milliseconds patience{10'000};  // for the whole answer
};

// The answer, whatever its status; none when no process works on the directory. Of the response status and body are
// filled in. Error::retryable: the process is there and does not answer (in time), as one that has only just begun.
Result<std::optional<Response>> ask_running(const RunningQuestion& question);

// What an answer that is no 200 says to people.
std::string refusal_in(const Response& answer);

}  // namespace tidemark
