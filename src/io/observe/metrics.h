// Metrics: numbers for Prometheus. A caller gets its counter once and keeps the reference.
//
//     Counter& commits = metrics.counter("tidemark_commits_total", "Commits of the analyze role.");
//     commits.add(1);
//
// Names end in their unit (_seconds, _bytes), and those of counters in _total. Counting is lock-free and allowed on any
// thread. Getting a counter and exposing take a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidemark {

// {{"outcome", "late"}}; values may be any text.
using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
 public:
  void add(double count) { value_.fetch_add(count, std::memory_order_relaxed); }
  // For a count that is kept elsewhere; it must not decrease.
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

class Histogram {
 public:
  explicit Histogram(std::span<const double> upper_bounds);
  void observe(double value);

  std::span<const double> upper_bounds() const { return bounds_; }
  std::int64_t count_in(std::size_t bucket) const;  // the last bucket is above all bounds
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<std::int64_t>> counts_;
  std::atomic<double> sum_ = 0;
};

// 0.25 ms to 10 s: for everything that a person or a disk waits for.
std::span<const double> wait_buckets();

class Metrics {
 public:
  // The same name and labels return the same object. A name has one kind and one help text.
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {},
                       std::span<const double> upper_bounds = wait_buckets());

  // Everything in Prometheus' text format 0.0.4, by name.
  std::string expose() const;

 private:
  struct Sample {
    std::string labels;  // as written between the braces
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
  };
  enum class Kind : std::uint8_t { Counter, Gauge, Histogram };
  struct Family {
    Kind kind;
    std::string help;
    std::vector<std::unique_ptr<Sample>> samples;
  };

  Sample& sample(std::string_view name, std::string_view help, Kind kind, const Labels& labels);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace tidemark
