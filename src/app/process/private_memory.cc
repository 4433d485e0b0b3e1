#include "app/process/private_memory.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "io/config/setting.h"

namespace tidemark {

void keep_memory_private() {
  const rlimit none{};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0);  // also where core_pattern is a pipe, which ignores the limit
}

void forget_secrets_of_environment(std::span<const SettingSpec> settings) {
  for (const SettingSpec& setting : settings) {
    if (setting.kind != SettingKind::Secret) continue;
    for (const std::string& name : {environment_name(setting), std::string(setting.alias)})
      for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (name.empty() || !text.starts_with(name) || text.substr(name.size(), 1) != "=") continue;
        ::explicit_bzero(*variable + name.size() + 1, text.size() - name.size() - 1);
      }
  }
}

}  // namespace tidemark
