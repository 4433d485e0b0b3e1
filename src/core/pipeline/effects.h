// Effects: what the machine makes of a record. The caller knows the record, so an effect carries only what is new.
#pragma once

#include "core/market/bar.h"
#include "core/stream/window_engine.h"
#include "core/wire/reject.h"

namespace tidemark {

class Effects {
 public:
  virtual ~Effects() = default;
  virtual void judged(const Bar& bar, Verdict verdict) = 0;  // accepted, duplicate, corrected, late
  virtual void rejected(const Reject& reject) = 0;
  virtual void closed(const WindowState& state) = 0;   // gives its final
  virtual void changed(const WindowState& state) = 0;  // gives an update
  // closed() for a window of ordinary bars. For receivers that are to be fast; the others receive one form.
  virtual void closed_ordinary(const OrdinaryWindow& window) { closed(window.widened()); }
};

}  // namespace tidemark
