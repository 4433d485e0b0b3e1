// 16 hexadecimal digits from the system's randomness: for what must not be mistaken for another of its kind.
#pragma once

#include <string>

namespace tidemark {

std::string random_epoch();

}  // namespace tidemark
