#include "app/process/last_words.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <system_error>

#include "app/process/exit_code.h"
#include "io/parquet/memory_bound.h"

#if defined(__has_feature)  // clang reports its sanitizers this way
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TIDEMARK_SANITIZED
#endif
#endif

namespace tidemark {
namespace {

// Text that needs no allocation. Text that does not fit is cut off.
template <std::size_t Size>
class FixedText {
 public:
  void add(std::string_view text) noexcept {
    const std::size_t count = std::min(text.size(), Size - size_);
    std::memcpy(bytes_.data() + size_, text.data(), count);
    size_ += count;
  }
  void clear() noexcept { size_ = 0; }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, Size> bytes_{};
  std::size_t size_ = 0;
};

constinit FixedText<32> verb;
constinit FixedText<96> bound;

// The system limit behind an exception, in words; empty for any other exception.
std::string_view limit_in(const std::exception_ptr& problem) noexcept {
  // An exception that leaves a noexcept function can no longer be inspected.
  if (!problem) return failed_allocations() > 0 ? "there is no memory left" : "";
  try {
    std::rethrow_exception(problem);
  } catch (const std::bad_alloc&) {
    return "there is no memory left";
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::not_enough_memory) return "there is no memory left";
    if (error.code() == std::errc::resource_unavailable_try_again) return "the system refuses another thread";
  } catch (...) {
  }
  return {};
}

std::string_view words_of(const std::exception_ptr& problem) noexcept {
  if (!problem) return "it was asked to end";
  try {
    std::rethrow_exception(problem);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of an unknown kind";
  }
}

[[noreturn]] void say_last_words() noexcept {
  const std::exception_ptr problem = std::current_exception();
  const std::string_view limit = limit_in(problem);
  FixedText<512> sentence;
  sentence.add("tidemark");
  if (!verb.view().empty()) sentence.add(" ");
  sentence.add(verb.view());
  sentence.add(": ");
  sentence.add(limit.empty() ? words_of(problem) : limit);
  if (!limit.empty()) {
    if (!bound.view().empty()) sentence.add("; ");
    sentence.add(bound.view());
    sentence.add("; check the limits of the process (ulimit -v, ulimit -u, its cgroup). Stored data is intact.");
  }
  sentence.add("\n");
  [[maybe_unused]] const auto said = ::write(STDERR_FILENO, sentence.view().data(), sentence.view().size());
  if (limit.empty()) std::abort();
  ::_exit(exit_failed);
}

// A library that does not check an allocation may access memory that is not there. The state on disk is as after a
// kill.
extern "C" void say_last_words_of_fault(int) noexcept {
  FixedText<256> sentence;
  sentence.add("tidemark");
  if (!verb.view().empty()) sentence.add(" ");
  sentence.add(verb.view());
  sentence.add(
      ": stopped by a fault in the program or a library, possibly because memory ran out (ulimit -v, its "
      "cgroup). "
      "Stored data is intact.\n");
  [[maybe_unused]] const auto said = ::write(STDERR_FILENO, sentence.view().data(), sentence.view().size());
  ::_exit(exit_failed);
}

// The handler has its own stack, because none may be left. Sanitizers report faults better than this, so they keep
// their handlers.
void watch_for_faults() noexcept {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(TIDEMARK_SANITIZED)
  static std::array<std::byte, 16'384> room;
  stack_t stack{};
  stack.ss_sp = room.data();
  stack.ss_size = room.size();
  (void)::sigaltstack(&stack, nullptr);
  struct sigaction action{};
  action.sa_handler = say_last_words_of_fault;
  action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGSEGV, SIGBUS}) (void)::sigaction(signal, &action, nullptr);
#endif
}

}  // namespace

void prepare_last_words() noexcept {
  std::set_terminate(say_last_words);
  watch_for_faults();
}

void name_verb_in_last_words(std::string_view name) noexcept {
  verb.clear();
  verb.add(name);
}

void name_bound_in_last_words(std::string_view text) noexcept {
  bound.clear();
  bound.add(text);
}

}  // namespace tidemark

// Runs before the constructors of shared libraries, which allocate memory, too.
[[gnu::section(".preinit_array"), gnu::used, gnu::retain]] static void (*const prepare_before_libraries)() = [] {
  tidemark::prepare_last_words();
};
