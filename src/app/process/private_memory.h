// Keeps secrets inside this process: no core dump, no attached debugger, no keys in its environment.
#pragma once

#include <span>

#include "io/config/setting.h"

namespace tidemark {

// Applies to this process and to those it starts. Called before any setting is read.
void keep_memory_private();

// Wipes the secrets in the environment in place, once the settings have been read. Then neither /proc/PID/environ nor
// child processes have them.
void forget_secrets_of_environment(std::span<const SettingSpec> settings);

}  // namespace tidemark
