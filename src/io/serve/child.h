// Child: runs another program for an answer, within limits, so that its failures do not affect the server.
//
//     start ─▶ output until its end ─▶ done(ChildEnd)
//        ├── too long, too much output ─▶ killed with its group ─▶ done
//        └── cancel(), or the server ends ─▶ killed with its group
//
// The child inherits nothing: no descriptor but its three, no signal state, only the given environment, and "/" as its
// folder. Its environment names its parent, so that a `tidemark` dies with this process (io/serve/parent_death.h). It
// runs at a low priority, with a memory limit, and no file that it writes can grow. It leaves no zombie.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"

namespace boost::asio {
class io_context;
}

namespace tidemark {

struct ChildOptions {
  std::vector<std::string> command;      // its path first
  std::vector<std::string> environment;  // "NAME=value"
  std::string input;                     // on its standard input
  std::chrono::milliseconds time{};      // after which it is killed
  std::uint64_t data_bytes = 0;          // its private memory
  std::size_t output_bytes = 0;          // above that it is killed
  int priority = 10;                     // nice
};

struct ChildEnd {
  enum class Why : std::uint8_t { Exited, Signalled, TooLong, TooMuch };
  Why why = Why::Exited;
  int code = 0;  // exit code, or signal
  std::string output, error_output;
};

class Child {
 public:
  virtual ~Child() = default;
  // Kills it. `done` is not called any more.
  virtual void cancel() = 0;
};

// `done` is called once, on the thread of `io`. Starting takes about a millisecond. The child keeps itself alive: the
// caller may drop the returned pointer.
Result<std::weak_ptr<Child>> start_child(boost::asio::io_context& io, ChildOptions options,
                                         std::function<void(ChildEnd)> done);

}  // namespace tidemark
