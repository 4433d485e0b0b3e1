// The names are those of Prometheus' own client libraries, so that ready-made dashboards work.
#include "io/observe/process.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace tidemark {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::optional<double> resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double whole = 0, resident = 0;
  if (!(file >> whole >> resident)) return std::nullopt;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<double> open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(files), end(files)));
}

}  // namespace

void observe_process(Metrics& metrics) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  metrics.counter("process_cpu_seconds_total", "Processor time used, user and system, in seconds.")
      .set(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  if (const auto bytes = resident_bytes()) {
    metrics.gauge("process_resident_memory_bytes", "Resident memory in bytes.").set(*bytes);
  }
  if (const auto files = open_files()) {
    metrics.gauge("process_open_fds", "Open file descriptors.").set(*files);
  }
}

void name_this_thread(std::string_view name) {
  constexpr std::size_t longest = 15;
  ::pthread_setname_np(::pthread_self(), std::string(name.substr(0, longest)).c_str());
}

}  // namespace tidemark
