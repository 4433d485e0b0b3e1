#include "app/process/signals.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>

#include "app/process/exit_code.h"
#include "core/check.h"

namespace tidemark {
namespace {

std::atomic<bool> asked_to_stop{false};
std::atomic<bool> asked_to_reload{false};
std::atomic<int> descriptor{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler must not wait for a lock");

extern "C" void on_stop_signal(int) {
  if (asked_to_stop.exchange(true)) _exit(exit_interrupted);
  const std::uint64_t one = 1;
  // The counter cannot overflow at its first write, and a handler could not report it anyway.
  [[maybe_unused]] const auto written = write(descriptor.load(), &one, sizeof one);
}

extern "C" void on_reload_signal(int) { asked_to_reload = true; }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // no SA_RESTART: a blocked read has to wake up
  CHECK(sigaction(signal, &action, nullptr) == 0);
}

}  // namespace

void watch_stop_signals() {
  if (descriptor.load() < 0) {
    descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(descriptor.load() >= 0);
  }
  handle(SIGINT, on_stop_signal);
  handle(SIGTERM, on_stop_signal);
}

bool stop_requested() { return asked_to_stop.load(std::memory_order_relaxed); }

int stop_descriptor() { return descriptor.load(); }

void watch_reload_signal() {
  if (isatty(STDIN_FILENO) == 0) handle(SIGHUP, on_reload_signal);
}

bool take_reload_request() { return asked_to_reload.exchange(false, std::memory_order_relaxed); }

void ignore_broken_pipes() { handle(SIGPIPE, SIG_IGN); }

}  // namespace tidemark
