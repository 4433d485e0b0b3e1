// What every Log must do, whatever it is built on: the suite LogConformance. It is instantiated beside each
// implementation with a function that makes an empty log and can open it again.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "run/interfaces/log.h"

namespace tidemark {

// A log with its own durable storage, which is removed with it.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  virtual Log& log() = 0;
  virtual void reopen() = 0;  // as a restart of the program does

  // Where implementations may differ.
  virtual bool trims() const { return true; }                 // else the storage removes records by itself
  virtual Duration precision() const { return Duration(1); }  // of the wall time of an append
  virtual int steps() const { return 200; }                   // of a long test: enough for threads to interleave
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
