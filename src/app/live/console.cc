#include "app/live/console.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "app/live/console_row.h"
#include "core/wire/encode.h"

namespace tidemark {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t pipe_bytes = 4'096;  // a writable pipe takes this many bytes at once
constexpr std::size_t file_bytes = 1024 * 1024;
constexpr std::chrono::milliseconds poll_timeout{100};  // between checks for the end
constexpr std::chrono::seconds between_lines{60};

bool wants_colour(int descriptor) {
  const char* const no = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::strcmp(terminal, "dumb") == 0;
  return ::isatty(descriptor) == 1 && (no == nullptr || *no == '\0') && !is_dumb;
}

bool is_plain_file(int descriptor) {
  struct stat about{};
  return ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

}  // namespace

Console::Console(ConsoleOptions options, Journal& journal, LiveSink* next)
    : options_(options), journal_(journal), next_(next), has_colour_(wants_colour(options.descriptor)) {
  if (options_.format == ConsoleFormat::Table) waiting_ = console_heading() + '\n';
  thread_ = std::thread([this] { work(); });
}

void Console::committed(LiveBatch batch) {
  std::string rows, json;
  std::uint64_t count = 0;
  for (const Trend& trend : batch.trends) {
    if (trend.status != TrendStatus::Final && !options_.updates) continue;
    json.clear();
    append_trend(trend, json);
    if (options_.format == ConsoleFormat::Json)
      rows += json;
    else
      append_console_row(json, has_colour_ ? Colour::Yes : Colour::No, rows);
    rows += '\n';
    ++count;
  }
  if (next_ != nullptr) next_->committed(std::move(batch));
  if (count == 0) return;
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_ || is_ending_) return;
    if (waiting_.size() + rows.size() > options_.most_waiting_bytes) {
      left_out_ += count;
    } else {
      waiting_ += rows;
      waiting_rows_ += count;
    }
  }
  changed_.notify_one();
  tell_left_out(false);
}

void Console::tell_left_out(bool at_once) {
  std::uint64_t rows = 0;
  {
    const std::lock_guard lock(mutex_);
    if (left_out_ == 0 || (!at_once && Steady::now() < next_line_)) return;
    rows = std::exchange(left_out_, 0);
    next_line_ = Steady::now() + between_lines;
  }
  journal_.warning("console.behind", {{"rows_left_out", std::to_string(rows)},
                                      {"why", "the reader of standard output is slower than the trends"},
                                      {"cure", "the lake has them all: tidemark query"}});
}

void Console::work() {
  for (;;) {
    std::string rows;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty() || is_ending_; });
      if (waiting_.empty()) return;
      rows.swap(waiting_);
      waiting_rows_ = 0;
    }
    if (!write(rows)) return;
  }
}

// Never blocks in a write, because a reader that never reads would keep the process from ending.
bool Console::write(std::string_view rows) {
  const bool is_file = is_plain_file(options_.descriptor);
  while (!rows.empty()) {
    {
      const std::lock_guard lock(mutex_);
      if (is_ending_ && Steady::now() > deadline_) {
        left_out_ += static_cast<std::uint64_t>(std::ranges::count(rows, '\n')) + std::exchange(waiting_rows_, 0);
        return false;
      }
    }
    pollfd ready{.fd = options_.descriptor, .events = POLLOUT, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(poll_timeout.count())) <= 0) continue;
    const auto written =
        ::write(options_.descriptor, rows.data(), std::min(rows.size(), is_file ? file_bytes : pipe_bytes));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) {
      close(errno == EPIPE ? "the reader of standard output has gone" : std::strerror(errno));
      return false;
    }
    rows.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void Console::close(std::string why) {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    waiting_.clear();
  }
  journal_.warning("console.closed", {{"why", std::move(why)}, {"and", "the run goes on without it"}});
}

void Console::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (is_ending_) return;
    is_ending_ = true;
    deadline_ = Steady::now() + options_.time_to_finish;
  }
  changed_.notify_one();
  thread_.join();
  tell_left_out(true);
}

}  // namespace tidemark
