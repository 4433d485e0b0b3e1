#include "app/history/backfill_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/encode.h"
#include "io/lake/lake.h"

namespace tidemark {
namespace {

// Servers and proxies accept addresses of 2,000 characters. The rest leaves room for a token.
constexpr std::size_t longest_address = 1'750;

// FNV-1a. It only names a plan, so it need not resist attacks.
std::uint64_t hash(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return sum;
}

std::string text_of(const BackfillOptions& options) {
  std::string text = R"({"server":)";
  append_json_string(options.account.data_url, text);
  text += fmt::format(R"(,"feed":"{}","adjustment":"{}","from":"{}","to":"{}","symbols":[)",
                      series_of(options.account.feed), options.adjustment, to_text(options.from), to_text(options.to));
  for (const char* comma = ""; const std::string& symbol : options.symbols) {
    text += std::exchange(comma, ",");
    append_json_string(symbol, text);
  }
  return text + "]}";
}

}  // namespace

BackfillPlan plan_backfill(const BackfillOptions& options) {
  BackfillPlan plan;
  const BarsRequest empty{.symbols = {},
                          .from = options.from,
                          .to = options.to + std::chrono::days(1),
                          .adjustment = options.adjustment,
                          .page = {}};
  const auto length = [&](const BarsRequest& request) {
    return options.account.data_url.size() + bars_target(options.account.feed, request).size();
  };
  const std::size_t base = length(empty);
  std::size_t size = 0;
  for (const std::string& symbol : options.symbols) {
    BarsRequest alone = empty;
    alone.symbols = {symbol};
    const std::size_t more = length(alone) - base + 1;  // and a comma
    if (plan.requests.empty() || size + more > longest_address) {
      plan.requests.push_back(empty);
      size = base;
    }
    plan.requests.back().symbols.push_back(symbol);
    size += more;
  }
  plan.text = text_of(options);
  plan.name = fmt::format("{:016x}", hash(plan.text));
  return plan;
}

std::string series_of(const BackfillOptions& options) {
  std::string series(series_of(options.account.feed));
  return options.adjustment == "raw" ? series : series + ':' + options.adjustment;
}

double BackfillPlan::share_done(std::size_t request, const PageFacts& facts) const {
  std::size_t all = 0, before = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    all += requests[i].symbols.size();
    if (i < request) before += requests[i].symbols.size();
  }
  const BarsRequest& asked = requests[request];
  double done = static_cast<double>(before);
  if (facts.next.empty()) {
    done += static_cast<double>(asked.symbols.size());
  } else if (!facts.symbols.empty()) {
    const auto symbol = std::ranges::find(asked.symbols, facts.symbols.back());
    done += static_cast<double>(symbol - asked.symbols.begin());
    if (facts.last_time && symbol != asked.symbols.end())
      done +=
          std::clamp(std::chrono::duration<double>(*facts.last_time - asked.from) / (asked.to - asked.from), 0.0, 1.0);
  }
  return done / static_cast<double>(all);
}

}  // namespace tidemark
