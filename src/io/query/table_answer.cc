// A table for people: columns as wide as their cells, numbers to the right, no line longer than the terminal.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>

#include "io/query/answer.h"

namespace tidemark {
namespace {

// The widths come from this many rows. A longer answer continues with the same widths.
constexpr std::size_t measured_rows = 10'000;
constexpr std::string_view null_text = "NULL";
constexpr std::size_t most_upright_rows = 3;
constexpr std::string_view left_out = "…";

// Characters of valid UTF-8, not bytes.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void append_repeated(std::string_view piece, std::size_t times, std::string& out) {
  while (times-- > 0) out += piece;
}

void append_padded(std::string_view text, std::size_t width, bool to_the_right, std::string& out) {
  const std::size_t space = width - std::min(width, width_of(text));
  if (to_the_right) out.append(space, ' ');
  out += text;
  if (!to_the_right) out.append(space, ' ');
}

// A cell must not control the terminal: C0, DEL and C1 controls become \xNN.
std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", c);
    } else if (c == 0xC2 && next < 0xA0) {
      out += fmt::format("\\x{:02x}", next);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// How many trailing zeros of a decimal can be dropped; also the point if nothing follows it.
std::size_t idle_zeros(std::string_view decimal) {
  const auto point = decimal.find('.');
  if (point == std::string_view::npos) return 0;
  const auto last = decimal.find_last_not_of('0');
  return decimal.size() - last - (last == point ? 0 : 1);
}

class TableAnswer final : public Answer {
 public:
  TableAnswer(std::vector<AnswerColumn> columns, std::size_t width, const QuerySink& write)
      : columns_(std::move(columns)), width_(width), lines_(write) {
    for (AnswerColumn& column : columns_) column.name = printable(column.name);
  }

  bool row(std::span<const Cell> cells) override {
    ++row_count_;
    std::vector<std::string> texts;
    texts.reserve(cells.size());
    for (const Cell& cell : cells) texts.push_back(cell ? printable(*cell) : std::string(null_text));
    if (is_laid_out_) {
      shorten_decimals(texts);
      return append_row(texts);
    }
    rows_.push_back(std::move(texts));
    return rows_.size() < measured_rows || lay_out();
  }

  void end(Extent extent) override {
    if (!is_laid_out_) lay_out();
    if (!is_upright_) append_rule("└", "┴", "┘");
    std::string& out = lines_.text();
    if (extent == Extent::Cut) {
      out += fmt::format("the first {} rows; there are more: --format csv gives all\n", row_count_);
    } else {
      out += fmt::format("{} {}\n", row_count_, row_count_ == 1 ? "row" : "rows");
    }
    if (is_narrowed())
      out += fmt::format("{} of {} columns fit: --wide shows all, --format csv gives all\n", shown_, columns_.size());
    lines_.flush();
  }

 private:
  bool is_number(std::size_t column) const {
    return columns_[column].kind == CellKind::Number || columns_[column].kind == CellKind::Decimal;
  }

  // Measures the rows collected so far, and writes them.
  bool lay_out() {
    is_laid_out_ = true;
    measure_decimals();
    for (const AnswerColumn& column : columns_) widths_.push_back(width_of(column.name));
    for (std::vector<std::string>& row : rows_) {
      shorten_decimals(row);
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths_[i] = std::max(widths_[i], width_of(row[i]));
      }
    }
    fit();
    if (!is_upright_) append_head();
    bool wanted = true;
    for (const std::vector<std::string>& row : rows_) wanted = append_row(row);
    rows_ = {};
    return wanted;
  }

  // Fits the answer into the terminal: all columns, or rows written vertically, or as many columns as fit before the
  // mark for the omitted ones.
  void fit() {
    shown_ = columns_.size();
    if (width_ == 0 || line_width() <= width_) return;
    while (shown_ > 0 && line_width() + 3 + width_of(left_out) > width_) --shown_;
    is_upright_ = shown_ == 0 || rows_.size() <= most_upright_rows;
  }
  std::size_t line_width() const {
    std::size_t line = 1;
    for (std::size_t i = 0; i < shown_; ++i) line += widths_[i] + 3;
    return line;
  }
  bool is_narrowed() const { return !is_upright_ && shown_ < columns_.size(); }

  // Trailing zeros that all decimals of a column have are dropped: 175.300000000 → 175.3.
  void measure_decimals() {
    idle_.assign(columns_.size(), 0);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].kind != CellKind::Decimal) continue;
      std::optional<std::size_t> least;
      for (const auto& row : rows_) {
        if (row[i] != null_text) least = std::min(least.value_or(SIZE_MAX), idle_zeros(row[i]));
      }
      idle_[i] = least.value_or(0);
    }
  }
  void shorten_decimals(std::vector<std::string>& row) const {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (idle_[i] > 0 && idle_zeros(row[i]) >= idle_[i]) row[i].resize(row[i].size() - idle_[i]);
    }
  }

  void append_rule(std::string_view left, std::string_view cross, std::string_view right) {
    std::string& out = lines_.text();
    for (std::size_t i = 0; i < shown_; ++i) {
      out += i == 0 ? left : cross;
      append_repeated("─", widths_[i] + 2, out);
    }
    if (is_narrowed()) {
      out += cross;
      append_repeated("─", width_of(left_out) + 2, out);
    }
    out += right;
    out += '\n';
  }
  void append_head() {
    append_rule("┌", "┬", "┐");
    std::string& out = lines_.text();
    for (std::size_t i = 0; i < shown_; ++i) append_cell(columns_[i].name, i, out);
    end_line(out);
    append_rule("├", "┼", "┤");
  }

  bool append_row(const std::vector<std::string>& row) {
    if (is_upright_) return append_upright(row);
    std::string& out = lines_.text();
    for (std::size_t i = 0; i < shown_; ++i) append_cell(row[i], i, out);
    end_line(out);
    return lines_.line_done();
  }
  void append_cell(std::string_view text, std::size_t column, std::string& out) const {
    out += "│ ";
    append_padded(text, widths_[column], is_number(column), out);
    out += ' ';
  }
  void end_line(std::string& out) const {
    if (is_narrowed()) out += fmt::format("│ {} ", left_out);
    out += "│\n";
  }

  // ── 1 ──────────
  // symbol      AAPL
  bool append_upright(const std::vector<std::string>& row) {
    std::size_t name_width = 0;
    for (const AnswerColumn& column : columns_) {
      name_width = std::max(name_width, width_of(column.name));
    }
    std::string& out = lines_.text();
    const std::string number = fmt::format("── {} ", ++upright_count_);
    out += number;
    const std::size_t line = std::min<std::size_t>(width_, 40);
    append_repeated("─", line - std::min(line, width_of(number)), out);
    out += '\n';
    for (std::size_t i = 0; i < row.size(); ++i) {
      append_padded(columns_[i].name, name_width + 2, false, out);
      out += row[i];
      out += '\n';
    }
    return lines_.line_done();
  }

  std::vector<AnswerColumn> columns_;
  std::size_t width_;
  Lines lines_;
  std::vector<std::vector<std::string>> rows_;  // until they are laid out
  std::vector<std::size_t> widths_, idle_;
  std::size_t shown_ = 0;  // this many columns, from the left
  std::size_t row_count_ = 0, upright_count_ = 0;
  bool is_laid_out_ = false, is_upright_ = false;
};

}  // namespace

std::unique_ptr<Answer> begin_table(std::vector<AnswerColumn> columns, std::size_t width, const QuerySink& write) {
  return std::make_unique<TableAnswer>(std::move(columns), width, write);
}

}  // namespace tidemark
