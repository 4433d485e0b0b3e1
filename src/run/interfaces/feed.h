// Feed: where bars come from. A feed knows how far it has read (its cursor), so that a restart continues without gaps
// and without duplicates.
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
  Filling,  // fetches what was missed; the watermark waits for it
  Live,
  Idle,
  Ended,
  Down,
};
std::string_view to_string(FeedState state);  // "connecting" …

struct FeedStatus {
  std::string name;  // "simulator"
  FeedState state = FeedState::Connecting;
  std::string detail;           // for people; may be empty
  std::optional<double> speed;  // market seconds per wall second; empty: as fast as possible
};

// Records to append, and the cursor that is valid once they are durable.
struct FeedBatch {
  std::vector<Record> records;
  std::string cursor;
};

// The symbols of a feed that can change while it runs. A live source subscribes and unsubscribes; the simulator adds
// and removes symbols.
class FeedSymbols {
 public:
  virtual ~FeedSymbols() = default;
  // The feed's symbols from the next minute on. A minute that has begun is completed with the old ones. Each must be a
  // symbol by the contract, without duplicates. From any thread.
  virtual void bring(const std::vector<std::string>& symbols) = 0;
};

class Feed {
 public:
  virtual ~Feed() = default;

  // The name of its cursor in the log. Different inputs have different names.
  virtual std::string_view name() const = 0;
  // Called once before the first poll, with the last durable cursor, if there is one.
  virtual Result<void> open(std::optional<std::string_view> cursor) = 0;
  // What has arrived since the last poll, about `limit` records at most; empty if nothing is due. Never waits. A
  // bounded feed returns one RecordKind::End as its last record, and its state is Ended from then on.
  virtual Result<std::optional<FeedBatch>> poll(std::size_t limit) = 0;
  virtual FeedStatus status() const = 0;  // from any thread
  // Null: its symbols are those of its input and cannot be chosen.
  virtual FeedSymbols* symbols() { return nullptr; }
};

}  // namespace tidemark
