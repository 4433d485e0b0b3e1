// The verb version: reports what this program was built from and with.
#pragma once

namespace tidemark {

struct VersionOptions {
  bool json = false;
  bool build = false;  // flags and packages, too
};

}  // namespace tidemark
