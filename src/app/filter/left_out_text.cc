#include "app/filter/left_out_text.h"

#include <fmt/format.h>

#include "core/wire/visible_text.h"

namespace tidemark {
namespace {

std::string rejected_text(const LeftOut& left_out, const Account& account, const TrendsOptions& options) {
  const LeftOut::First& first = *left_out.first_rejected;
  std::string text = fmt::format("{} of {} records rejected (the first: {}, {})", left_out.rejected_count, account.read,
                                 visible(place_of(first)), reason_of(first));
  if (!first.hint.empty()) text += fmt::format(": {}", first.hint);
  text += options.rejects ? fmt::format("; they are in {}", visible(options.rejects->string()))
                          : "; --rejects FILE keeps them, each with its reason";
  return text;
}

std::string late_text(const LeftOut& left_out, const Account& account, const TrendsOptions& options) {
  constexpr std::int64_t many = 10;  // "many" is one in ten
  std::string text = fmt::format("{} of {} records late, in no trend (the first: {})", left_out.late_count,
                                 account.read, visible(place_of(*left_out.first_late)));
  if (left_out.late_count * many >= account.read) text += ", as where files are sorted by symbol or hold a symbol each";
  if (!options.sort.sort) text += "; --sort reads all in order of time, a longer --delay waits for them";
  text += options.late ? fmt::format("; they are in {}", visible(options.late->string())) : "; --late FILE keeps them";
  return text;
}

}  // namespace

std::string left_out_text(const LeftOut& left_out, const Account& account,
                          const std::map<std::string, std::int64_t, std::less<>>& skipped,
                          const TrendsOptions& options) {
  std::string text;
  const auto add = [&](const std::string& clause) {
    if (!text.empty() && !clause.empty()) text += ". ";
    text += clause;
  };
  if (left_out.first_rejected) add(rejected_text(left_out, account, options));
  if (left_out.first_late) add(late_text(left_out, account, options));
  add(skipped_text(skipped));
  return text;
}

std::string skipped_text(const std::map<std::string, std::int64_t, std::less<>>& skipped) {
  if (skipped.empty()) return {};
  std::int64_t in_all = 0;
  std::string kinds;
  for (const auto& [kind, count] : skipped) {
    in_all += count;
    kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", visible(kind), count);
  }
  return fmt::format("{} messages skipped that are no bars ({})", in_all, kinds);
}

}  // namespace tidemark
