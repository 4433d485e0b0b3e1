// FeedPlace: how far a live feed has come, and its cursor's text: "alpaca1 COMPLETE SETTLED", in nanoseconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/stream/window_spec.h"
#include "core/time/time.h"

namespace tidemark {

// complete: every bar before it was brought, and a heartbeat said so. settled: its corrections were brought, too.
struct FeedPlace {
  EventTime complete{}, settled{};

  // `source`: the vendor's name, as "alpaca".
  std::string write(std::string_view source) const;
  static std::optional<FeedPlace> read(std::string_view text, std::string_view source);
  // As it is when the watermark falls to `to` (contract/semantics.md §3.2): what the windows that open again hold is fetched again.
  FeedPlace lowered(EventTime to, const WindowSpec& windows) const;
};

}  // namespace tidemark
