// 16 hexadecimal digits from the system's randomness, for ids that must be unique.
#pragma once

#include <string>

namespace tidemark {

std::string random_epoch();

}  // namespace tidemark
