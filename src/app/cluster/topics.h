// The verb topics: shows what is in the topics of a cluster, and the positions of their readers.
#pragma once

#include <string>

#include "app/config/configuration.h"
#include "app/config/run_options.h"

namespace tidemark {

struct TopicsVerbOptions {
  bool json = false;
  std::string client;  // the client library to print advice for; empty: none
  RunOptions run;      // the run that the topics belong to
};

using TopicsRequest = Configured<TopicsVerbOptions>;

}  // namespace tidemark
