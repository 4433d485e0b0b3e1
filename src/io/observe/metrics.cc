// Stores the numbers, and writes them in Prometheus' format.
#include "io/observe/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/check.h"

namespace tidemark {
namespace {

// In label values backslash, quote and line feed are escaped; in help texts the quote is not.
void append_escaped(std::string_view text, bool quote, std::string& out) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quote) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

std::string written(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out += ',';
    out += name;
    out += "=\"";
    append_escaped(value, true, out);
    out += '"';
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  return fmt::format("{}", value);
}

void append_sample(std::string_view name, std::string_view suffix, std::string_view labels, std::string_view value,
                   std::string& out) {
  out += name;
  out += suffix;
  if (!labels.empty()) {
    out += '{';
    out += labels;
    out += '}';
  }
  out += ' ';
  out += value;
  out += '\n';
}

void append_histogram(std::string_view name, const std::string& labels, const Histogram& histogram, std::string& out) {
  const std::string_view comma = labels.empty() ? "" : ",";
  std::int64_t count = 0;  // buckets are cumulative
  for (std::size_t bucket = 0; bucket <= histogram.upper_bounds().size(); ++bucket) {
    const bool last = bucket == histogram.upper_bounds().size();
    count += histogram.count_in(bucket);
    const std::string bound = last ? "+Inf" : number(histogram.upper_bounds()[bucket]);
    append_sample(name, "_bucket", fmt::format("{}{}le=\"{}\"", labels, comma, bound), std::to_string(count), out);
  }
  append_sample(name, "_sum", labels, number(histogram.sum()), out);
  append_sample(name, "_count", labels, std::to_string(count), out);
}

}  // namespace

Histogram::Histogram(std::span<const double> upper_bounds)
    : bounds_(upper_bounds.begin(), upper_bounds.end()), counts_(upper_bounds.size() + 1) {
  CHECK(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::int64_t Histogram::count_in(std::size_t bucket) const { return counts_[bucket].load(std::memory_order_relaxed); }

std::span<const double> wait_buckets() {
  static constexpr double bounds[] = {0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                      0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return bounds;
}

Metrics::Sample& Metrics::sample(std::string_view name, std::string_view help, Kind kind, const Labels& labels) {
  auto entry = families_.find(name);
  if (entry == families_.end()) {
    entry = families_.emplace(std::string(name), Family{kind, std::string(help), {}}).first;
  }
  Family& family = entry->second;
  CHECK(family.kind == kind);
  const std::string text = written(labels);
  for (const auto& sample : family.samples) {
    if (sample->labels == text) return *sample;
  }
  family.samples.push_back(std::make_unique<Sample>());
  family.samples.back()->labels = text;
  return *family.samples.back();
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  CHECK(name.ends_with("_total"));
  const std::lock_guard lock(mutex_);
  auto& held = sample(name, help, Kind::Counter, labels).counter;
  if (!held) held = std::make_unique<Counter>();
  return *held;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& held = sample(name, help, Kind::Gauge, labels).gauge;
  if (!held) held = std::make_unique<Gauge>();
  return *held;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels,
                              std::span<const double> upper_bounds) {
  const std::lock_guard lock(mutex_);
  auto& held = sample(name, help, Kind::Histogram, labels).histogram;
  if (!held) held = std::make_unique<Histogram>(upper_bounds);
  return *held;
}

std::string Metrics::expose() const {
  static constexpr std::string_view kinds[] = {"counter", "gauge", "histogram"};
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += "# HELP " + name + ' ';
    append_escaped(family.help, false, out);
    out += "\n# TYPE " + name + ' ';
    out += kinds[static_cast<std::size_t>(family.kind)];
    out += '\n';
    for (const auto& sample : family.samples) {
      if (sample->counter) {
        append_sample(name, "", sample->labels, number(sample->counter->value()), out);
      }
      if (sample->gauge) {
        append_sample(name, "", sample->labels, number(sample->gauge->value()), out);
      }
      if (sample->histogram) append_histogram(name, sample->labels, *sample->histogram, out);
    }
  }
  return out;
}

}  // namespace tidemark
