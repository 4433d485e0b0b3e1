// How a feed tells of times, as short as the page needs it.
#pragma once

#include <string>

#include "core/time/time.h"

namespace tidemark {

std::string clock_text(EventTime time);               // "14:30"
std::string span_text(EventTime from, EventTime to);  // "09:30–10:05 UTC", with the dates where it is not one

}  // namespace tidemark
