// The double nearest to an exact decimal: what the lake's DOUBLE columns hold.
#pragma once

#include "core/number/integer.h"

namespace tidemark {

// units / 10,000, rounded once, to nearest and ties to even: what every reader gets for the decimal's
// text. (A plain division rounds twice beyond 2^53 units.)
double nearest_double(Int128 units);

// The same of units of 1e-9: nanos / 1,000,000,000.
double nearest_double_of_nanos(Int128 nanos);

}  // namespace tidemark
