#include "app/process/tell.h"

#include <cstdio>

namespace tidemark {

void tell(std::string_view verb, std::string_view sentence, LineEnds line_ends) {
  fmt::print(stderr, "tidemark{}{}: {}\n", verb.empty() ? "" : " ", verb, visible(sentence, line_ends));
}

}  // namespace tidemark
