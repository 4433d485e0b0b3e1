// How a verb begins that works on the lake of a data directory: with the settings that hold, and the place of the lake.
#pragma once

#include <string_view>

#include "app/config/configuration.h"
#include "app/data_dir/lake_place.h"
#include "app/process/fail.h"

namespace tidemark {

// act(request, settings, place) returns the exit code. A setting or a place that is wrong is told, and ends the verb.
template <typename Request>
int on_lake(std::string_view verb, Request& request, LakePlace::Use use,
            int (*act)(Request& request, const RunOptions& run, const LakePlace& place)) {
  const auto run = complete(request.options, request.run);
  if (!run) return run.error();
  const auto place = LakePlace::of_data(*run, use);
  if (!place) return fail(verb, place.error());
  return act(request, *run, *place);
}

}  // namespace tidemark
