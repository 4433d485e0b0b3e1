// The text format, against its specification: prometheus.io/docs/instrumenting/exposition_formats.
#include "io/observe/metrics.h"

#include <gtest/gtest.h>

#include <array>

namespace tidemark {
namespace {

TEST(Metrics, WritesAFamilyOnceWithAllItsSamples) {
  Metrics metrics;
  metrics.counter("tidemark_records_total", "Records by what became of them.", {{"outcome", "late"}}).add(2);
  metrics.counter("tidemark_records_total", "Records by what became of them.", {{"outcome", "read"}}).set(40);
  metrics.gauge("tidemark_clients", "Connections.").set(2.5);
  EXPECT_EQ(metrics.expose(),
            "# HELP tidemark_clients Connections.\n"
            "# TYPE tidemark_clients gauge\n"
            "tidemark_clients 2.5\n"
            "# HELP tidemark_records_total Records by what became of them.\n"
            "# TYPE tidemark_records_total counter\n"
            "tidemark_records_total{outcome=\"late\"} 2\n"
            "tidemark_records_total{outcome=\"read\"} 40\n");
}

TEST(Metrics, GivesTheSameCounterForTheSameName) {
  Metrics metrics;
  Counter& first = metrics.counter("a_total", "A.", {{"b", "c"}});
  EXPECT_EQ(&first, &metrics.counter("a_total", "A.", {{"b", "c"}}));
  EXPECT_NE(&first, &metrics.counter("a_total", "A.", {{"b", "d"}}));
}

TEST(Metrics, CountsAHistogramsBucketsCumulatively) {
  Metrics metrics;
  const std::array bounds{0.5, 1.0};
  Histogram& waits = metrics.histogram("wait_seconds", "Waits.", {{"role", "x"}}, bounds);
  for (const double wait : {0.25, 0.5, 0.75, 4.0}) waits.observe(wait);  // a bound is inclusive
  EXPECT_EQ(metrics.expose(),
            "# HELP wait_seconds Waits.\n"
            "# TYPE wait_seconds histogram\n"
            "wait_seconds_bucket{role=\"x\",le=\"0.5\"} 2\n"
            "wait_seconds_bucket{role=\"x\",le=\"1\"} 3\n"
            "wait_seconds_bucket{role=\"x\",le=\"+Inf\"} 4\n"
            "wait_seconds_sum{role=\"x\"} 5.5\n"
            "wait_seconds_count{role=\"x\"} 4\n");
}

TEST(Metrics, EscapesWhatWouldBreakTheLine) {
  Metrics metrics;
  metrics.gauge("g", "Back\\slash\nand \"quote\".", {{"l", "a\\b\"c\nd"}}).set(0);
  EXPECT_EQ(metrics.expose(),
            "# HELP g Back\\\\slash\\nand \"quote\".\n"
            "# TYPE g gauge\n"
            "g{l=\"a\\\\b\\\"c\\nd\"} 0\n");
}

}  // namespace
}  // namespace tidemark
