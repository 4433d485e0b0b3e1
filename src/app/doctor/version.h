// The verb version: what this program was built from and with.
#pragma once

namespace tidemark {

struct VersionRequest {
  bool json = false;
};

}  // namespace tidemark
