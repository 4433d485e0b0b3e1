// Messages to the service manager that started this process: sd_notify(3) without its library. Without a service
// manager these functions do nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace tidemark {

// Never waits: a message that finds the socket full is lost. `state` is "READY=1", "STOPPING=1" or "WATCHDOG=1"; several are separated by line feeds.
void tell_systemd(std::string_view state);

// The longest time between two WATCHDOG=1 that it accepts; none if it does not watch.
std::optional<std::chrono::microseconds> systemd_watchdog();

}  // namespace tidemark
