// What the service manager that started this process is told: sd_notify(3) without its library. Without one, nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace tidemark {

// "READY=1", "STOPPING=1", "WATCHDOG=1"; several with a line end between.
void tell_systemd(std::string_view state);

// How often it wants to hear WATCHDOG=1, at least; none when it does not watch.
std::optional<std::chrono::microseconds> systemd_watchdog();

}  // namespace tidemark
