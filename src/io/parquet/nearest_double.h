// The double nearest to an exact decimal, for the lake's DOUBLE columns.
#pragma once

#include "core/number/integer.h"

namespace tidemark {

// units / 10,000, rounded once, to nearest and ties to even. Every reader gets the same double from the decimal's text.
// (A plain division rounds twice beyond 2^53 units.)
double nearest_double(Int128 units);

// The same for units of 1e-9: nanos / 1,000,000,000.
double nearest_double_of_nanos(Int128 nanos);

}  // namespace tidemark
