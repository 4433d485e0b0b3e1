// Notifier: wakes the role that waits for what was just made durable. A lost ring costs a little time,
// never a record: every role also looks by itself.
#pragma once

namespace tidemark {

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual void ring() = 0;  // from any thread; never blocks
};

}  // namespace tidemark
