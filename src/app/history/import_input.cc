#include "app/history/import_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

#include "app/filter/left_out_text.h"
#include "app/filter/list_columns.h"
#include "app/history/import_files.h"
#include "app/process/signals.h"
#include "app/process/tell.h"
#include "core/transcribe/shape.h"
#include "io/alpaca/history.h"
#include "io/disk/small_file.h"
#include "io/input/readable.h"

namespace tidemark {
namespace {

constexpr std::string_view parquet_magic = "PAR1";

bool is_parquet(const std::string& file) {
  std::array<char, parquet_magic.size()> first{};
  std::ifstream(file, std::ios::binary).read(first.data(), first.size());
  return std::string_view(first.data(), first.size()) == parquet_magic;
}

// "data/AAPL.csv.gz" → "AAPL". Other suffixes belong to the name: BRK.B.csv.
std::string name_of(const std::string& file) {
  std::string name = std::filesystem::path(file).filename().string();
  constexpr std::array<std::string_view, 8> endings{".gz",    ".csv",  ".tsv",     ".txt",
                                                    ".jsonl", ".json", ".parquet", ".pq"};
  for (bool is_cut = true; is_cut;) {
    is_cut = false;
    for (const std::string_view ending : endings)
      if (name.size() > ending.size() && name.ends_with(ending))
        name.resize(name.size() - ending.size()), is_cut = true;
  }
  return name;
}

ImportFormat import_format_of(BarFormat format) {
  switch (format) {
    case BarFormat::Alpaca:
      return ImportFormat::Alpaca;
    case BarFormat::Polygon:
      return ImportFormat::Polygon;
    case BarFormat::Binance:
      return ImportFormat::Binance;
    case BarFormat::Auto:
    case BarFormat::JsonLines:
      break;
  }
  return ImportFormat::JsonLines;
}

// The first line that is not blank, without its end; none if all are blank.
struct FirstLine {
  std::string_view text;
  std::size_t number = 0;  // from 0
};
std::optional<FirstLine> first_line(std::string_view lines) {
  for (std::size_t number = 0; !lines.empty(); ++number) {
    const std::size_t end = lines.find('\n');
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_blank(line)) return FirstLine{line, number};
  }
  return std::nullopt;
}

// Decides by the first record of a file: lenient if it is a bar only when read as a row of a table.
Leniency leniency_of(std::string_view record) {
  const auto is_bar = [&](Leniency leniency) {
    Decoder decoder(leniency);
    return std::holds_alternative<Bar>(decoder.decode(record));
  };
  return !is_bar(Leniency::None) && is_bar(Leniency::AsTables) ? Leniency::AsTables : Leniency::None;
}

}  // namespace

ImportInput::ImportInput(ImportInput&&) noexcept = default;
ImportInput::~ImportInput() = default;

Result<ImportInput> ImportInput::open(const ImportOptions& options, const Disk& disk) {
  ImportInput input(options, disk);
  for (const std::string& file : options.files) {
    if (file == "-") continue;
    if (auto readable = check_readable(file); !readable) return std::unexpected(readable.error());
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(file, unknown);
    if (!unknown) input.bytes_in_all_ += bytes;
  }
  return input;
}

std::optional<std::string> ImportInput::symbol_of(const std::string& file) const {
  return options_->symbol_from_name ? std::optional(name_of(file)) : symbol_of_folders(file);
}

Result<void> ImportInput::open_next() {
  const std::string& file = options_->files[next_file_++];
  FileFacts facts{file, 0, options_->format};
  std::error_code unknown;
  if (file != "-") facts.bytes = std::filesystem::file_size(file, unknown);
  if (unknown) facts.bytes = 0;
  begins_file_ = true;
  csv_.reset();
  leniency_ = Leniency::None;
  const bool may_be_parquet =
      file != "-" && (facts.format == ImportFormat::Auto || facts.format == ImportFormat::Parquet);
  if (facts.format == ImportFormat::Parquet || (may_be_parquet && is_parquet(file))) {
    facts.format = ImportFormat::Parquet;
    auto table =
        BarTable::open(*disk_, file, {options_->columns, options_->time, options_->price_exponent, symbol_of(file)});
    if (!table) return std::unexpected(table.error());
    table_ = std::make_shared<const BarTable>(std::move(*table));
    next_group_ = 0;
  } else if (facts.format == ImportFormat::AlpacaPage) {
    has_page_ = true;
  } else {
    auto lines = LineBlocks::open({file}, transcribing(facts.format), BlockFill::Full);
    if (!lines) return std::unexpected(lines.error());
    lines_.emplace(std::move(*lines));
    format_is_known_ = false;
  }
  facts_.push_back(std::move(facts));
  return {};
}

// How LineBlocks transcribes a file of this format. The symbol of lists is the one given for all rows.
TranscribeOptions ImportInput::transcribing(ImportFormat format) const {
  TranscribeOptions transcribe{.format = parse_bar_format(to_string(format)).value_or(BarFormat::JsonLines),
                               .symbol_from_name = options_->symbol_from_name};
  (void)take_list_columns(options_->columns, transcribe);  // an error means names of columns, for tables
  return transcribe;
}

// Decides by the first line that is not blank.
Result<void> ImportInput::learn_format(ImportPiece& piece) {
  if (!piece.block.origins.empty()) {
    TranscribeOptions lists;
    const bool fits = take_list_columns(options_->columns, lists).has_value() &&
                      (lists.list_fields.empty() || lines_->format() == BarFormat::Binance);
    const bool says_forms = options_->zone_is_said || options_->time.format || options_->numbers ||
                            options_->price_exponent != 0 || options_->no_header || options_->skip_lines > 0;
    if (!fits || says_forms)
      return std::unexpected(Error::setup(fmt::format(
          "{} holds what {} writes, whose fields have their own names and forms: --columns can only say the symbol "
          "there "
          "and the places of lists, symbol=@NAME,timestamp=1; --no-header, --skip-lines, --time-zone, --time-format, "
          "--decimal, --thousands and --price-scale are for CSV and Parquet",
          visible(facts_.back().name), to_string(lines_->format()))));
    format_is_known_ = true;
    facts_.back().format = import_format_of(lines_->format());
    return {};
  }
  const auto first =
      piece.block.overlong ? std::optional(FirstLine{piece.block.lines, 0}) : first_line(piece.block.lines);
  if (!first) return {};
  format_is_known_ = true;
  FileFacts& facts = facts_.back();
  if (const std::string_view hint = hint_for_bytes(first->text); !hint.empty())
    return std::unexpected(Error::setup(fmt::format("{}: {}", facts.name, hint)));
  if (facts.format == ImportFormat::Auto) {
    const std::size_t begin = first->text.find_first_not_of(" \t");
    const bool is_json = options_->skip_lines == 0 && (first->text[begin] == '{' || first->text[begin] == '[');
    facts.format = is_json ? ImportFormat::JsonLines : ImportFormat::Csv;
  }
  if (facts.format == ImportFormat::JsonLines) {
    leniency_ = leniency_of(first->text);
    if (!options_->says_columns()) return {};
    return std::unexpected(Error::setup(
        fmt::format("{} is JSON lines, whose fields have their own names and forms: --columns, --symbol-from-name, "
                    "--no-header, --skip-lines, --time-zone, --time-format, --decimal, --thousands and --price-scale "
                    "are for CSV and Parquet",
                    facts.name)));
  }
  auto head = read_csv_head(piece.block.lines, csv_options(facts.name));
  if (!head) return std::unexpected(Error::setup(fmt::format("{}: {}", facts.name, head.error().message())));
  if (head->header_found_late)
    tell_of(options_->verb, "{}: the header is line {}; the lines before it are passed over", facts.name,
            *head->header_found_late);
  csv_ = std::make_shared<const CsvTable>(std::move(head->table));
  piece.header_lines = head->lines;
  return {};
}

CsvOptions ImportInput::csv_options(const std::string& file) const {
  return {.choices = options_->columns,
          .time = options_->time,
          .numbers = options_->numbers,
          .price_exponent = options_->price_exponent,
          .symbol = symbol_of(file),
          .skip_lines = options_->skip_lines,
          .has_header = !options_->no_header};
}

Result<bool> ImportInput::read_lines(ImportPiece& piece) {
  const auto got = lines_->next(piece.block, stop_descriptor());
  if (!got) return std::unexpected(got.error());
  if (!*got) return false;
  if (!format_is_known_)
    if (auto learned = learn_format(piece); !learned) return std::unexpected(learned.error());
  piece.csv = csv_;
  piece.leniency = leniency_;
  return true;
}

Result<void> ImportInput::read_page(ImportPiece& piece) {
  auto page = read_small_file(facts_.back().name, most_page_bytes);
  if (!page) return std::unexpected(page.error());
  if (!*page) return std::unexpected(Error::permanent(fmt::format("{} has gone", facts_.back().name)));
  piece.page = std::move(**page);
  has_page_ = false;
  return {};
}

Result<bool> ImportInput::next(ImportPiece& piece) {
  piece.table.reset();
  piece.page.reset();
  piece.csv.reset();
  piece.leniency = Leniency::None;
  piece.header_lines = 0;
  while (!stop_requested()) {
    if (!lines_ && !table_ && !has_page_) {
      if (next_file_ == options_->files.size()) return false;
      if (auto opened = open_next(); !opened) return std::unexpected(opened.error());
    }
    double share_of_file = 0;
    bool found = false;
    if (has_page_) {
      if (auto read = read_page(piece); !read) return std::unexpected(read.error());
      found = true;
      share_of_file = 1;
    } else if (table_) {
      found = next_group_ < table_->group_count();
      if (found) {
        piece.table = table_;
        piece.group = next_group_++;
        share_of_file = static_cast<double>(next_group_) / static_cast<double>(table_->group_count());
      }
    } else {
      const auto read = read_lines(piece);
      if (!read) return std::unexpected(read.error());
      found = *read;
      share_of_file = piece.block.share_read.value_or(0);
    }
    const FileFacts& facts = facts_.back();
    if (found) {
      if (piece.page) bytes_before_ += facts.bytes, share_of_file = 0;
      piece.file = options_->files[next_file_ - 1];
      piece.begins_file = std::exchange(begins_file_, false);
      piece.share_read.reset();
      if (bytes_in_all_ > 0)
        piece.share_read = (static_cast<double>(bytes_before_) + share_of_file * static_cast<double>(facts.bytes)) /
                           static_cast<double>(bytes_in_all_);
      return true;
    }
    bytes_before_ += facts.bytes;
    if (lines_ && !lines_->skipped().empty())
      tell_of(options_->verb, "{}: {}", facts.name, skipped_text(lines_->skipped()));
    lines_.reset();
    table_.reset();
  }
  return false;
}

}  // namespace tidemark
