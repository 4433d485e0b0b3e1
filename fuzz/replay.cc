// fuzz_replay TARGET FILE...: runs a target on stored inputs. It prints each file's name first, so the last name is the
// input that broke it. Without arguments it lists the targets.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/target.h"

int main(int count, char** words) {
  using tidemark::fuzz::Target;
  const auto& all = tidemark::fuzz::targets();
  if (count < 2) {
    for (const Target& target : all) std::printf("%s\n", std::string(target.name).c_str());
    return 0;
  }
  const auto target = std::find_if(all.begin(), all.end(), [&](const Target& one) { return one.name == words[1]; });
  if (target == all.end()) {
    std::fprintf(stderr, "fuzz_replay: no target is called %s\n", words[1]);
    return 2;
  }
  for (int i = 2; i < count; ++i) {
    std::printf("%s\n", words[i]);
    std::fflush(stdout);
    std::ifstream file(words[i], std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "fuzz_replay: cannot read %s\n", words[i]);
      return 2;
    }
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    target->run(bytes);
  }
  return 0;
}
