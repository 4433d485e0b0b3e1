// Names of a feed's states.
#include "run/interfaces/feed.h"

#include "core/check.h"

namespace tidemark {

std::string_view to_string(FeedState state) {
  switch (state) {
    case FeedState::Connecting:
      return "connecting";
    case FeedState::Filling:
      return "filling";
    case FeedState::Live:
      return "live";
    case FeedState::Idle:
      return "idle";
    case FeedState::Ended:
      return "ended";
    case FeedState::Down:
      return "down";
  }
  CHECK(!"a state without a name");
}

}  // namespace tidemark
