// Notifier: wakes the role that waits for newly durable records. A lost notification costs a little time, never a
// record: every role also polls.
#pragma once

namespace tidemark {

class Notifier {
 public:
  virtual ~Notifier() = default;
  virtual void notify() = 0;  // from any thread; never blocks
};

// For a role that no other role waits for.
class NullNotifier final : public Notifier {
 public:
  void notify() override {}
};

}  // namespace tidemark
