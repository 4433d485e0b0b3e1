// OwnedDescriptor: a file descriptor that is closed with the object, unless it was taken.
#pragma once

#include <utility>

namespace tidemark {

class OwnedDescriptor {
 public:
  explicit OwnedDescriptor(int number) : number_(number) {}  // negative: there is none
  OwnedDescriptor(const OwnedDescriptor&) = delete;
  OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;
  ~OwnedDescriptor();

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  int take() { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace tidemark
