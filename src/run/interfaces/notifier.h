// Notifier: wakes the role that waits for what was just made durable. A lost ring costs a little time,
// never a record: every role also looks by itself.
#pragma once

namespace tidemark {

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual void notify() = 0;  // from any thread; never blocks
};

// Of a role whose work nobody waits for.
class NullNotifier final : public Notifier {
 public:
  void notify() override {}
};

}  // namespace tidemark
