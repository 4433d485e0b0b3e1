#include "app/history/import_admission.h"

#include <charconv>

#include "app/config/value_text.h"
#include "core/time/time.h"

namespace tidemark {
namespace {

using namespace std::chrono_literals;

Meaning<double> read_share(std::string_view text) {
  const bool is_percent = text.ends_with('%');
  if (is_percent) text.remove_suffix(1);
  double share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share, std::chars_format::fixed);
  if (is_percent) share /= 100;
  if (error != std::errc{} || end != text.data() + text.size() || !(share >= 0 && share <= 1))
    return std::unexpected("a share from 0 to 1, like 0.05 or 5%");
  return share;
}

Meaning<Duration> read_interval(std::string_view text) { return read_duration(text, 1s, 31 * 24h); }

Meaning<std::string> read_feed_name(std::string_view text) {
  if (text.empty()) return std::unexpected("a name, like iex or sip");
  return std::string(text);
}

}  // namespace

void add_admission_options(OptionParser& verb, ImportOptions& options) {
  verb.heading("What is let in");
  verb.toggle("strict", "nothing when a single record is rejected", [&](bool on) { options.strict = on; });
  verb.optional_value("allow-rejects", "SHARE", "100%",
                      "the rest of a file of which more than 1 % is rejected; with =SHARE up to that much, like =5%",
                      options.most_rejected, read_share);
  verb.toggle("allow-contradictions",
              "tables whose rows contradict one another about the same bar: the last row counts",
              [&](bool on) { options.may_contradict = on; });
  verb.toggle("overwrite-nulls", "rows that know less than the lake: no vwap, trade_count or feed",
              [&](bool on) { options.overwrite_nulls = on; });
  verb.value("feed", "NAME", "", "the feed of bars that name none, like sip: one symbol has bars of one feed",
             options.feed, read_feed_name);
  verb.value("interval", "TIME", "found from the data", "from one bar to the next, like 1m or 1d: one symbol has one",
             options.interval, read_interval);
}

}  // namespace tidemark
