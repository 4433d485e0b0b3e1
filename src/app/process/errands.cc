#include "app/process/errands.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "core/check.h"

namespace tidemark {

Errands::Errands() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { CHECK(descriptor_ >= 0); }

Errands::~Errands() { ::close(descriptor_); }

bool Errands::put(Errand errand) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  waiting_.push_back(std::move(errand));
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);  // a full counter is readable, too
  return true;
}

void Errands::do_all() {
  std::uint64_t rung = 0;
  [[maybe_unused]] const auto read = ::read(descriptor_, &rung, sizeof rung);
  std::deque<Errand> errands;
  {
    const std::lock_guard lock(mutex_);
    errands.swap(waiting_);
  }
  for (const Errand& errand : errands) errand();
}

void Errands::close() {
  std::deque<Errand> forgotten;  // outlives the lock: what they hold may say something when it goes
  const std::lock_guard lock(mutex_);
  closed_ = true;
  forgotten.swap(waiting_);
}

}  // namespace tidemark
