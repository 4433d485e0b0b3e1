// The request of the verb doctor: the configuration to check.
#pragma once

#include "app/config/configuration.h"

namespace tidemark {

struct DoctorOptions {
  Configuration configuration;
  bool json = false;
};

struct DoctorRequest {
  RunRequest run;  // the run whose configuration is checked
  bool json = false;
};

}  // namespace tidemark
