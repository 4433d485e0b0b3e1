#include "app/import_judge.h"

#include <algorithm>
#include <cstring>

namespace tidemark {

Result<void> ImportJudge::judge(const ImportPiece& piece, const std::function<Result<void>()>& full) {
  bars.clear();
  rejected.clear();
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
  if (const auto& monster = piece.block.monster) {
    lines = 1;
    if (!monster->is_blank)
      rejected.push_back({{Reason::TooLong, {}}, 0, std::string(piece.block.lines), monster->bytes_in_all});
    return;
  }
  if (!piece.block.origins.empty()) return judge_transcribed(piece.block);
  judge_lines(piece, piece.block.lines);
}

// `lines` stays 0: each record knows its line in the file.
void ImportJudge::judge_transcribed(const LineBlock& block) {
  std::string_view rest = block.lines;
  for (const LineOrigin& origin : block.origins) {
    const std::string_view record = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(record.size() + 1);
    decoder_.decode(record, decoded_);
    if (origin.bytes_in_all > 0) decoded_ = Reject{Reason::TooLong, {}};
    if (const auto* const bar = std::get_if<Bar>(&decoded_))
      bars.add(*bar);
    else if (const auto* const reject = std::get_if<Reject>(&decoded_))
      rejected.push_back({*reject, origin.position - 1, std::string(origin.original),
                          std::max(origin.bytes_in_all, origin.original.size())});
  }
}

void ImportJudge::judge_lines(const ImportPiece& piece, std::string_view text) {
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
      decoder_.decode(record, decoded_);
    if (const auto* const bar = std::get_if<Bar>(&decoded_))
      bars.add(*bar);
    else if (const auto* const reject = std::get_if<Reject>(&decoded_))
      rejected.push_back(
          {*reject, static_cast<std::int64_t>(lines), std::string(record.substr(0, max_record_bytes)), record.size()});
  }
}

Result<void> ImportJudge::judge_rows(const ImportPiece& piece, const std::function<Result<void>()>& full) {
  Result<void> outcome;
  const std::int64_t first = piece.table->first_row(piece.group);
  auto read = piece.table->read(
      piece.group, [&](std::int64_t row, const Decoded& decoded, const std::function<std::string()>& record) {
        if (!outcome) return;
        if (const auto* const bar = std::get_if<Bar>(&decoded))
          bars.add(*bar);
        else if (const auto* const reject = std::get_if<Reject>(&decoded))
          rejected.push_back({*reject, row - first, record(), 0});
        if (bars.rows.size() + rejected.size() >= most_bars) outcome = full();
      });
  lines = static_cast<std::size_t>(piece.table->first_row(piece.group + 1) - first);
  return read ? outcome : read;
}

}  // namespace tidemark
