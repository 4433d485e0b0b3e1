// What every Log must do, whatever it is built on: the suite LogConformance, to be instantiated beside
// each implementation with a way to make an empty log and to open it again.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "run/interfaces/log.h"

namespace tidemark {

// A log with durable storage of its own, which goes away with it.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  virtual Log& log() = 0;
  virtual void reopen() = 0;  // as a restart of the program does

  // What implementations may differ in.
  virtual bool trims() const { return true; }                 // else whoever keeps the records sees to it
  virtual Duration precision() const { return Duration(1); }  // of the wall time of an append
  virtual int steps() const { return 200; }                   // of a long test: enough to meet one another
};

using MakeLogUnderTest = std::function<std::unique_ptr<LogUnderTest>()>;

class LogConformance : public testing::TestWithParam<MakeLogUnderTest> {
 protected:
  Log& log() { return under_test_->log(); }
  void reopen() { under_test_->reopen(); }
  const LogUnderTest& under_test() { return *under_test_; }

 private:
  std::unique_ptr<LogUnderTest> under_test_ = GetParam()();
};

}  // namespace tidemark
