// The verb topics: what is in the topics of a cluster, and how far those who read them have come.
#pragma once

#include <string>

#include "app/config/configuration.h"
#include "app/config/run_options.h"

namespace tidemark {

struct TopicsVerbOptions {
  bool json = false;
  std::string client;  // a client library whose users are told what to mind; empty: none
  RunOptions run;      // whose topics they are
};

using TopicsRequest = Configured<TopicsVerbOptions>;

}  // namespace tidemark
