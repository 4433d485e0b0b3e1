// What settings must be to one another, and what one means because of another.
#pragma once

#include <string_view>

#include "app/config/configuration.h"
#include "io/config/setting.h"

namespace tidemark {

// The value that holds of the setting of this name, which there is.
const Assignment& value_of(const Configuration& configuration, std::string_view name);

// Completes configuration.options, which hold what each setting says by itself, and adds to its problems.
void apply_rules(Configuration& configuration);

}  // namespace tidemark
