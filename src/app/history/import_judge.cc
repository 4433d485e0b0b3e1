#include "app/history/import_judge.h"

#include <algorithm>
#include <cstring>

#include "app/config/run_options.h"
#include "app/history/import.h"
#include "core/time/time.h"

namespace tidemark {

ImportJudge::ImportJudge(const ImportOptions& options)
    : before_its_time_(options.bar_time == BarTime::End ? options.interval.value_or(std::chrono::minutes(1))
                                                        : Duration{}),
      pages_(options.series),
      feed_(options.feed) {}

void ImportJudge::clear() {
  bars.clear();
  repeated.clear();
  rejected.clear();
  other_feed.reset();
  naive_times = 0;
}

void ImportJudge::add(const Bar& bar, std::int64_t position, const FieldValue& time) {
  if (time.again != Duration::zero()) repeated.push_back({bars.rows.size(), time.again});
  naive_times += time.is_naive;
  if (before_its_time_ == Duration::zero()) return add_named(bar, position);
  Bar earlier = bar;
  earlier.values.time -= before_its_time_;
  add_named(earlier, position);
}

void ImportJudge::add_named(const Bar& bar, std::int64_t position) {
  if (!feed_ || bar.feed == *feed_) return bars.add(bar, position);
  if (bar.feed) {
    if (!other_feed) other_feed = OtherFeed{position, std::string(*bar.feed)};
    return bars.add(bar, position);
  }
  Bar named = bar;
  named.feed = *feed_;
  bars.add(named, position);
}

Result<void> ImportJudge::judge(const ImportPiece& piece, const std::function<Result<void>()>& full) {
  clear();
  lines = 0;
  if (piece.table) return judge_rows(piece, full);
  if (piece.page) return judge_page(piece);
  judge_piece_of_lines(piece);
  return {};
}

Result<void> ImportJudge::judge_page(const ImportPiece& piece) {
  const auto text = pages_.read_lines(*piece.page);
  if (!text) return std::unexpected(text.error().while_doing(piece.file));
  judge_lines(piece, *text);
  return {};
}

void ImportJudge::judge_piece_of_lines(const ImportPiece& piece) {
  if (const auto& overlong = piece.block.overlong) {
    lines = 1;
    if (!overlong->is_blank)
      rejected.push_back({{Reason::TooLong, {}}, 0, std::string(piece.block.lines), overlong->bytes_in_all});
    return;
  }
  if (!piece.block.origins.empty()) return judge_transcribed(piece.block);
  judge_lines(piece, piece.block.lines);
}

// `lines` stays 0, because each record has its line number in the file.
void ImportJudge::judge_transcribed(const LineBlock& block) {
  std::string_view rest = block.lines;
  for (const LineOrigin& origin : block.origins) {
    const std::string_view record = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(record.size() + 1);
    decoder_.decode(record, decoded_);
    if (origin.bytes_in_all > 0) decoded_ = Reject{Reason::TooLong, {}};
    if (const auto* const bar = std::get_if<Bar>(&decoded_))
      add(*bar, origin.position - 1, {});
    else if (const auto* const reject = std::get_if<Reject>(&decoded_))
      rejected.push_back({*reject, origin.position - 1, std::string(origin.original),
                          std::max(origin.bytes_in_all, origin.original.size())});
  }
}

void ImportJudge::judge_lines(const ImportPiece& piece, std::string_view text) {
  const FieldValue no_time;  // times in JSON have their zone (contract/semantics.md §2.3)
  Decoder& decoder = piece.leniency == Leniency::None ? decoder_ : lenient_decoder_;
  const char* p = text.data();
  const char* const end = p + text.size();
  for (; p != end; ++lines) {
    const auto* const lf = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    std::string_view record{p, lf ? lf : end};
    p = lf ? lf + 1 : end;
    if (record.ends_with('\r')) record.remove_suffix(1);
    if (lines < piece.header_lines || is_blank(record)) continue;
    if (piece.csv)
      csv_.decode(record, *piece.csv, decoded_);
    else
      decoder.decode(record, decoded_);
    if (const auto* const bar = std::get_if<Bar>(&decoded_))
      add(*bar, static_cast<std::int64_t>(lines), piece.csv ? csv_.time() : no_time);
    else if (const auto* const reject = std::get_if<Reject>(&decoded_))
      rejected.push_back(
          {*reject, static_cast<std::int64_t>(lines), std::string(record.substr(0, max_record_bytes)), record.size()});
  }
}

Result<void> ImportJudge::judge_rows(const ImportPiece& piece, const std::function<Result<void>()>& full) {
  Result<void> outcome;
  std::size_t rejected_bytes = 0;
  const std::int64_t first = piece.table->first_row(piece.group);
  auto read = piece.table->read(piece.group, [&](std::int64_t row, const Decoded& decoded, const FieldValue& time,
                                                 const std::function<std::string()>& record) {
    if (!outcome) return;
    if (const auto* const bar = std::get_if<Bar>(&decoded))
      add(*bar, row - first, time);
    else if (const auto* const reject = std::get_if<Reject>(&decoded))
      rejected_bytes += rejected.emplace_back(*reject, row - first, record(), 0).record.size();
    if (bars.rows.size() + rejected.size() < most_bars && rejected_bytes < most_rejected_bytes) return;
    rejected_bytes = 0;
    outcome = full();
  });
  lines = static_cast<std::size_t>(piece.table->first_row(piece.group + 1) - first);
  return read ? outcome : read;
}

}  // namespace tidemark
