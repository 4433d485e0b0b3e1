// Who has what in a consumer group, by the word of its coordinator.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "core/result.h"
#include "io/kafka/client.h"

namespace tidemark {

struct GroupCensus {
  bool is_stable = false;        // nobody is being asked to join anew
  std::set<std::int32_t> owned;  // partitions of the topic that some member has
};

// Retryable: the coordinator does not say.
Result<GroupCensus> census_of(const Client& client, const std::string& group, std::string_view topic,
                              std::chrono::milliseconds longest);

}  // namespace tidemark
