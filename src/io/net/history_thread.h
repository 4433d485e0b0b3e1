// HistorySlices (run/live_feed/history_slices.h) over a history of pages, asked on a thread of its own.
#pragma once

#include <memory>
#include <string>

#include "run/live_feed/history_pages.h"
#include "run/live_feed/history_slices.h"

namespace tidemark {

// `source`: "alpaca", in the thread's name.
std::unique_ptr<HistorySlices> make_history_slices(std::string source, std::unique_ptr<HistoryPages> history);

}  // namespace tidemark
