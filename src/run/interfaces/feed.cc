// Names of a feed's states.
#include "run/interfaces/feed.h"

#include "core/enum_names.h"

namespace tidemark {

constexpr EnumNames<FeedState, 6> state_names{"connecting", "filling", "live", "idle", "ended", "down"};

std::string_view to_string(FeedState state) { return state_names[state]; }

}  // namespace tidemark
