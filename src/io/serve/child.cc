// Uses posix_spawn, a pidfd to wait for the end, and two pipes.
#include "io/serve/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "io/serve/parent_death.h"

namespace tidemark {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t most_error_bytes = 64 * 1'024;

std::unexpected<Error> failed(std::string_view what) {
  return std::unexpected(Error::retryable(fmt::format("{}: {}", what, std::strerror(errno))));
}

// A descriptor, closed when it goes out of scope unless it was taken.
class Owned {
 public:
  explicit Owned(int number = -1) : number_(number) {}
  Owned(Owned&& other) noexcept : number_(other.take()) {}
  Owned& operator=(Owned&& other) noexcept {
    reset(other.take());
    return *this;
  }
  ~Owned() { reset(-1); }
  int get() const { return number_; }
  int take() { return std::exchange(number_, -1); }

 private:
  void reset(int number) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }
  int number_;
};

struct Pipe {
  Owned read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed("no pipe");
  return Pipe{Owned(ends[0]), Owned(ends[1])};
}

// A file without a name: the child reads it at its own speed, and the server need not write meanwhile.
Result<Owned> make_input(std::string_view text) {
  Owned file(::memfd_create("input", MFD_CLOEXEC));
  if (file.get() < 0) return failed("no memory file");
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written <= 0) return failed("cannot write the input");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return failed("cannot rewind the input");
  return file;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

Result<pid_t> spawn(ChildOptions& options, int input, int output, int error_output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error_output, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // sockets of clients, the log
  posix_spawn_file_actions_addchdir_np(&actions, "/");

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
  posix_spawnattr_setsigdefault(&attributes, &signals);

  pid_t child = -1;
  const auto arguments = pointers(options.command), environment = pointers(options.environment);
  errno = ::posix_spawn(&child, arguments.front(), &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return failed("cannot start " + options.command.front());
  return child;
}

// The child has just begun to load its libraries. If a limit cannot be set, the time limit still holds.
void limit_resources(pid_t child, std::uint64_t data_bytes, int priority) {
  const auto limit = [child](__rlimit_resource what, rlim_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    (void)::prlimit(child, what, &both, nullptr);
  };
  limit(RLIMIT_DATA, data_bytes);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(child), priority);
}

class SpawnedChild final : public Child, public std::enable_shared_from_this<SpawnedChild> {
 public:
  SpawnedChild(asio::io_context& io, pid_t pid, std::size_t output_bytes, std::function<void(ChildEnd)> done)
      : pid_(pid),
        output_bytes_(output_bytes),
        done_(std::move(done)),
        process_(io),
        output_(io),
        error_output_(io),
        clock_(io) {}
  ~SpawnedChild() override {
    if (is_reaped_) return;
    kill();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }

  void watch(Owned process, Owned output, Owned error_output, std::chrono::milliseconds time) {
    error_code ignored;
    (void)process_.assign(process.take(), ignored);
    (void)output_.assign(output.take(), ignored);
    (void)error_output_.assign(error_output.take(), ignored);
    clock_.expires_after(time);
    clock_.async_wait([self = shared_from_this()](error_code aborted) {
      if (!aborted) self->end_with(ChildEnd::Why::TooLong);
    });
    await_end();
    read(output_, end_.output, output_bytes_);
    read(error_output_, end_.error_output, most_error_bytes);
  }

  void cancel() override {
    done_ = nullptr;
    kill();
  }

 private:
  // Reads to the last byte, so that the child never blocks on a full pipe. Keeps as much as is allowed.
  void read(asio::posix::stream_descriptor& from, std::string& into, std::size_t most) {
    auto piece = std::make_shared<std::array<char, 16 * 1'024>>();
    from.async_read_some(asio::buffer(*piece),
                         [self = shared_from_this(), piece, &from, &into, most](error_code error, std::size_t size) {
                           if (error) {
                             --self->open_;
                             return self->finish_if_done();
                           }
                           const std::size_t kept = std::min(size, most - into.size());
                           into.append(piece->data(), kept);
                           if (kept < size && &from == &self->output_) self->end_with(ChildEnd::Why::TooMuch);
                           self->read(from, into, most);
                         });
  }

  void await_end() {
    process_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this()](error_code error) { self->ended(error); });
  }

  // Asio also wakes for a late event of the child before, whose place in its tables this one has taken.
  bool is_running() const {
    siginfo_t end{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0;
  }

  void ended(error_code error) {
    if (!error && is_running()) return await_end();
    kill();  // kills what it may have started; its pid is still reserved
    int status = 0;
    if (::waitpid(pid_, &status, 0) == pid_ && end_.why == ChildEnd::Why::Exited) {
      end_.why = WIFSIGNALED(status) ? ChildEnd::Why::Signalled : ChildEnd::Why::Exited;
      end_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    }
    is_reaped_ = true;
    clock_.cancel();
    finish_if_done();
  }

  void end_with(ChildEnd::Why why) {
    if (is_reaped_ || end_.why != ChildEnd::Why::Exited) return;
    end_.why = why;
    kill();
  }

  void kill() const {
    if (!is_reaped_) (void)::kill(-pid_, SIGKILL);
  }

  void finish_if_done() {
    if (!is_reaped_ || open_ > 0 || !done_) return;
    std::exchange(done_, nullptr)(std::move(end_));
  }

  pid_t pid_;
  std::size_t output_bytes_;
  std::function<void(ChildEnd)> done_;
  asio::posix::stream_descriptor process_, output_, error_output_;
  asio::steady_timer clock_;
  ChildEnd end_;
  bool is_reaped_ = false;
  int open_ = 2;  // pipes
};

}  // namespace

Result<std::weak_ptr<Child>> start_child(asio::io_context& io, ChildOptions options,
                                         std::function<void(ChildEnd)> done) {
  options.environment.push_back(fmt::format("{}={}", parent_variable, ::getpid()));
  auto input = make_input(options.input);
  if (!input) return std::unexpected(input.error());
  auto output = make_pipe();
  if (!output) return std::unexpected(output.error());
  auto error_output = make_pipe();
  if (!error_output) return std::unexpected(error_output.error());
  const auto pid = spawn(options, input->get(), output->write.get(), error_output->write.get());
  if (!pid) return std::unexpected(pid.error());
  limit_resources(*pid, options.data_bytes, options.priority);
  auto child = std::make_shared<SpawnedChild>(io, *pid, options.output_bytes, std::move(done));
  Owned process(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (process.get() < 0) return failed("cannot watch the process");  // the child ends with its object
  child->watch(std::move(process), std::move(output->read), std::move(error_output->read), options.time);
  return child;
}

}  // namespace tidemark
