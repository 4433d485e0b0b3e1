// The doctor's question: which configuration is to be judged.
#pragma once

#include "app/config/configuration.h"

namespace tidemark {

struct DoctorOptions {
  Configuration configuration;
  bool json = false;
};

struct DoctorRequest {
  RunRequest run;  // of which run it should be judged
  bool json = false;
};

}  // namespace tidemark
