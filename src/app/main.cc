// The program: nothing but its version yet.
#include <fmt/core.h>

int main() { fmt::print("tidemark {}\n", TIDEMARK_VERSION); }
