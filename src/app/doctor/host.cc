#include "app/doctor/host.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>

#include "app/data_dir/lake_place.h"
#include "core/time/time.h"
#include "core/time/timestamp.h"
#include "io/disk/directory_lock.h"
#include "io/query/query.h"

namespace tidemark {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses resolve(const RunOptions& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(options.address.c_str(), fmt::to_string(options.port).c_str(), &hints, &found) != 0) found = nullptr;
  return {found, &freeaddrinfo};
}

// 0, or the errno that a server would get there.
int try_to_bind(const addrinfo& address) {
  const int descriptor = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const int outcome =
      ::bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 && ::listen(descriptor, 1) == 0 ? 0 : errno;
  ::close(descriptor);
  return outcome;
}

Check examine_port(const RunOptions& options) {
  const std::string where = fmt::format("{} port {}", options.address, options.port);
  const auto addresses = resolve(options);
  if (addresses == nullptr) {
    return {Health::Failure, "port", fmt::format("{} is no address of this machine", options.address),
            "give 127.0.0.1, or an address that `ip addr` shows, with --address"};
  }
  const int outcome = try_to_bind(*addresses);
  if (outcome == 0) return {Health::Ok, "port", where + " is free"};
  if (outcome == EADDRINUSE && directory_owner(options.data)) {
    return {Health::Warning, "port", where + " is taken, probably by the process that works on the data directory",
            "nothing, if that is the run you meant"};
  }
  return {Health::Failure, "port", fmt::format("{}: {}", where, std::strerror(outcome)),
          outcome == EACCES ? "ports below 1024 are the system's; give another one with --port"
                            : "end what listens there (`ss -ltnp` shows it), or give another one with --port"};
}

Check examine_query_engine(const RunOptions& options) {
  std::error_code ignored;
  auto lake = lake_folder(options.data);
  if (!std::filesystem::is_directory(lake, ignored)) lake = std::filesystem::temp_directory_path(ignored);
  std::string version;
  const auto answered = run_query({.lake = lake.string(), .format = QueryFormat::Csv}, "SELECT version() AS version",
                                  [&](std::string_view piece) {
                                    version += piece;
                                    return true;
                                  });
  if (!answered) {
    return {Health::Warning, "DuckDB", answered.error().message(),
            "`tidemark query` needs it, `tidemark run` does not"};
  }
  std::ranges::replace(version, '\n', ' ');
  return {Health::Ok, "DuckDB", fmt::format("answers ({})", version.substr(0, version.find_last_not_of(' ') + 1))};
}

// Arrow is linked, so the program does not start without it. This tells which one was loaded.
Check examine_arrow() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("/libparquet.so") != line.npos) return {Health::Ok, "Arrow", line.substr(line.find('/'))};
  }
  return {Health::Ok, "Arrow", "built in"};
}

Check examine_clock() {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  const std::string detail = fmt::format("{}", format_timestamp(time_point_cast<Duration>(now)));
  if (now < sys_days{year{2026} / 1 / 1} || now > sys_days{year{2200} / 1 / 1}) {
    return {Health::Failure, "clock", detail + " cannot be", "set the system's clock"};
  }
  timex state{};
  if (adjtimex(&state) == TIME_ERROR) {
    return {Health::Warning, "clock", detail + ", not synchronized",
            "trends do not depend on it, latency figures do: run an NTP client"};
  }
  return {Health::Ok, "clock", detail + ", synchronized"};
}

Check examine_open_files() {
  constexpr rlim_t enough = 4'096;  // 2,000 clients, and other open files
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= enough) return {Health::Ok, "open files", fmt::format("{} allowed", limit.rlim_cur)};
  return {Health::Warning, "open files", fmt::format("{} allowed", limit.rlim_cur),
          fmt::format("for more than a few hundred viewers: ulimit -n {}", enough)};
}

}  // namespace

std::vector<Check> examine_host(const RunOptions& options) {
  return {examine_port(options), examine_query_engine(options), examine_arrow(), examine_clock(), examine_open_files()};
}

}  // namespace tidemark
