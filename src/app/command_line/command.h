// Command: what somebody asks for, ready to be carried out. VerbSpec: a verb, as help and command line know it.
#pragma once

#include <any>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace tidemark {

class Command {
 public:
  // `perform` returns an exit code (app/process/exit_code.h), and has told on standard error why it is not 0.
  template <typename Request>
  Command(Request request, int (*action)(Request& request))
      : request_(std::move(request)),
        perform_([action](std::any& any) { return action(std::any_cast<Request&>(any)); }) {}
  template <typename Request>
  Command(Request request, int (*action)(const Request& request))
      : request_(std::move(request)),
        perform_([action](std::any& any) { return action(std::any_cast<const Request&>(any)); }) {}

  int perform() { return perform_(request_); }

  // What was asked for; nullptr if that is not a `Request`.
  template <typename Request>
  const Request* as() const {
    return std::any_cast<Request>(&request_);
  }

 private:
  std::any request_;
  std::function<int(std::any&)> perform_;
};

using Words = std::span<const std::string>;

// A verb stands in the file that carries it out, and in one line of app/verbs.cc.
struct VerbSpec {
  std::string_view name;      // "run"
  std::string_view summary;   // half a line, for the overview
  std::string_view usage;     // what follows the name
  std::string_view about;     // a paragraph
  std::string_view examples;  // lines, each with what it does
  // Of the words behind the name. Every error is Error::setup, and names the nearest option where one comes close.
  Result<Command> (*parse)(const VerbSpec& verb, Words words);
};

// A text that was asked for instead of a deed.
struct HelpRequest {
  std::string text;  // ready to be printed
};
Command help_command(std::string text);

}  // namespace tidemark
