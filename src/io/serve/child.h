// Child: another program run for an answer, within limits, so that what goes wrong in it stays in it.
//
//     start ─▶ output until its end ─▶ done(ChildEnd)
//        ├── too long, too much output ─▶ killed with its group ─▶ done
//        └── give_up(), or the server ends ─▶ killed with its group
//
// It gets nothing of this process: no descriptor but its three, no signal state, only the named environment, the folder
// "/". The environment tells it whose child it is, so that a `tidemark` dies with this process (io/serve/parent_death.h). It runs behind everything else (nice), with a bound on memory, and no file it writes can grow. No zombie stays.
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
  std::chrono::milliseconds time{};      // until it is killed
  std::uint64_t data_bytes = 0;          // its private memory
  std::size_t output_bytes = 0;          // beyond that it is killed
};

struct ChildEnd {
  enum class Why : std::uint8_t { Exited, Signalled, TooLong, TooMuch };
  Why why = Why::Exited;
  int code = 0;  // exit code, or signal
  std::string output, complaint;
};

class Child {
 public:
  virtual ~Child() = default;
  // Kills it; `done` is not called any more.
  virtual void give_up() = 0;
};

// `done` is called once, on the thread of `io`. Starting takes about a millisecond. The child lives on its own: what is
// returned may be let go.
Result<std::weak_ptr<Child>> start_child(boost::asio::io_context& io, ChildOptions options,
                                         std::function<void(ChildEnd)> done);

}  // namespace tidemark
