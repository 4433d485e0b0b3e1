// The filter's message about records that are in no trend: how many, the first one, and the cure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "app/filter/trends.h"
#include "core/pipeline/account.h"
#include "core/pipeline/left_out.h"

namespace tidemark {

// Without a line end; empty if nothing was left out. `skipped` counts messages that are no bars, by kind.
std::string left_out_text(const LeftOut& left_out, const Account& account,
                          const std::map<std::string, std::int64_t, std::less<>>& skipped,
                          const TrendsOptions& options);

// "7 messages skipped that are no bars (subscription 1, success 2, t 4)"; empty if there were none.
std::string skipped_text(const std::map<std::string, std::int64_t, std::less<>>& skipped);

}  // namespace tidemark
