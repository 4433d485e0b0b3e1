// What this process knows stays in it: no core dump, no debugger of another program, no keys in its environment.
#pragma once

#include <span>

#include "io/config/setting.h"

namespace tidemark {

// For this process and those it starts. Called before any setting is read.
void keep_memory_private();

// The values of the environment's secrets are wiped where they stand, once the settings have been read: /proc/PID/environ and
// programs that are started have them no more.
void forget_secrets_of_environment(std::span<const SettingSpec> settings);

}  // namespace tidemark
