// How the feed tells of times and plans, as short as the page needs it.
#pragma once

#include <string>
#include <string_view>

#include "core/time/time.h"
#include "io/alpaca/account.h"

namespace tidemark {

std::string clock_text(EventTime time);               // "14:30"
std::string span_text(EventTime from, EventTime to);  // "09:30–10:05 UTC", with the dates where it is not one
std::string_view plan_text(AlpacaFeed feed);          // what it gives

}  // namespace tidemark
