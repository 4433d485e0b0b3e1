// Feed: where bars come from. It knows how far it has brought them (its cursor), so that a restart
// goes on without a gap and without a double.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "run/interfaces/log.h"

namespace tidemark {

enum class FeedState : std::uint8_t {
  Connecting,
  Filling,  // brings what was missed; time stands still until it is here
  Live,
  Idle,
  Ended,
  Down,
};
std::string_view to_string(FeedState state);  // "connecting" …

struct FeedStatus {
  std::string name;  // "simulator"
  FeedState state = FeedState::Connecting;
  std::string detail;           // a sentence for people; may be empty
  std::optional<double> speed;  // market seconds per wall second; none = as fast as it goes
};

// Records to append, and the cursor that is true once they are durable.
struct FeedBatch {
  std::vector<Record> records;
  std::string cursor;
};

// The symbols of a feed that can change while it runs: a live source subscribes and unsubscribes, the simulator makes
// others.
class FeedSymbols {
 public:
  virtual ~FeedSymbols() = default;
  // These and no others from the next minute on; a minute that has been begun is brought to its end as it was. Each is a
  // symbol by the contract, and stands there once. From any thread.
  virtual void bring(const std::vector<std::string>& symbols) = 0;
};

class Feed {
 public:
  virtual ~Feed() = default;

  // Name of its cursor in the log; different inputs have different names.
  virtual std::string_view name() const = 0;
  // Called once before the first poll with the cursor last made durable, if there is one.
  virtual Result<void> open(std::optional<std::string_view> cursor) = 0;
  // What has come since the last poll, at most about `limit` records; nothing if nothing is due. Never
  // waits. A bounded feed gives one RecordKind::End as its last record and is Ended from then on.
  virtual Result<std::optional<FeedBatch>> poll(std::size_t limit) = 0;
  virtual FeedStatus status() const = 0;  // from any thread
  // Null: its symbols are those of its input, and nobody else's to choose.
  virtual FeedSymbols* symbols() { return nullptr; }
};

}  // namespace tidemark
