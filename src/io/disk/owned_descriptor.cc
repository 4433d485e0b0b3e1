#include "io/disk/owned_descriptor.h"

#include <unistd.h>

namespace tidemark {

OwnedDescriptor::~OwnedDescriptor() {
  if (number_ >= 0) ::close(number_);
}

}  // namespace tidemark
