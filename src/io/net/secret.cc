#include "io/net/secret.h"

#include <string.h>
#include <sys/mman.h>

#include <algorithm>

#include "core/check.h"

namespace tidemark {

Secret::Secret(std::string text) : size_(text.size()) {
  if (text.empty()) return;
  const std::size_t size = text.size();
  void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(pages != MAP_FAILED);
  // The system may not know or allow these. The process still makes no core dump then (main.cc).
  (void)::madvise(pages, size, MADV_DONTDUMP);
  (void)::mlock(pages, size);
  std::ranges::copy(text, static_cast<char*>(pages));
  text_ = {static_cast<const char*>(pages), [pages, size](const char*) {
             ::explicit_bzero(pages, size);
             ::munmap(pages, size);
           }};
  wipe(text);
}

void wipe(std::string& text) {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace tidemark
