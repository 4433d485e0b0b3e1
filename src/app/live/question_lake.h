// QuestionLake: brings the copies of a lake that lies elsewhere up to date before the page asks it, on a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "app/config/run_options.h"
#include "app/data_dir/lake_to_ask.h"
#include "core/result.h"

namespace tidemark {

class QuestionLake {
 public:
  // `options` outlive it. Nothing happens before the first question.
  explicit QuestionLake(const RunOptions& options);
  ~QuestionLake();  // ends what is being fetched
  QuestionLake(const QuestionLake&) = delete;
  QuestionLake& operator=(const QuestionLake&) = delete;

  // The copies stay as long as what `ready` takes is held. Called once, on another thread; not at all once this is
  // destroyed.
  using Ready = std::function<void(Result<std::shared_ptr<void>>)>;
  void bring(Ready ready);

 private:
  void work(const std::stop_token& stop);
  Result<std::shared_ptr<void>> bring_now(const std::stop_token& stop) const;

  const RunOptions& options_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Ready> waiting_;
  std::jthread worker_;  // the last member, because it uses the others
};

}  // namespace tidemark
