#include "app/history/import_flags.h"

#include "app/config/value_text.h"
#include "core/wire/table_columns.h"

namespace tidemark {

void add_table_options(OptionParser& verb, ImportOptions& options, ImportTexts& texts) {
  verb.value("columns", "FIELD=COLUMN,...", "",
             "which column is what, by name or number, or FIELD=@VALUE for all rows; timestamp=Date+Time joins two",
             [&texts](const std::string& text) { texts.columns = text; });
  verb.toggle("symbol-from-name", "the symbol is the name of the file: AAPL.csv.gz",
              [&options](bool on) { options.symbol_from_name = on; });
  verb.value("time-zone", "ZONE", "UTC", "of times without one: UTC, -05:00, America/New_York, Europe/Berlin ...",
             texts.zone, read_time_zone);
  verb.value("time-format", "FORMAT", "", "how times are written, as strptime has it: %m/%d/%Y %H:%M, %s",
             texts.time_format, read_time_format);
  verb.toggle("no-header", "the first line of CSV is a bar, and columns are called 1, 2, 3 ...",
              [&options](bool on) { options.no_header = on; });
  verb.value("skip-lines", "N", "0", "lines of CSV before the header that are passed over", options.skip_lines,
             [](const std::string& text) { return read_whole_number(text, 0, 1'000); });
  verb.value("decimal", ".|,", "what the rows of CSV tell", "the decimal point or comma of its numbers", texts.decimal,
             read_decimal);
  verb.value("thousands", "CHAR|none", "what the rows of CSV tell",
             "what separates the thousands of its numbers: , . ' _ or a space", texts.thousands, read_thousands);
  verb.value("price-scale", "POWER", "1", "prices are worth this power of ten: 1e-9 where 185050000000 is 185.05",
             options.price_exponent, read_price_scale);
}

Result<void> take_table_options(const OptionParser& verb, const ImportTexts& texts, ImportOptions& options) {
  if (!texts.columns.empty()) {
    auto choices = parse_column_choices(texts.columns);
    if (!choices) return verb.failed("--columns: " + choices.error().message());
    options.columns = std::move(*choices);
  }
  options.zone_is_said = texts.zone.has_value();
  options.time.zone = texts.zone.value_or(TimeZone{});
  options.time.format = texts.time_format;
  if (!texts.decimal && !texts.thousands) return {};
  NumberForm form;
  form.decimal = texts.decimal.value_or(texts.thousands == '.' ? ',' : '.');
  form.thousands = texts.thousands.value_or(form.decimal == ',' ? '.' : '\0');
  if (form.decimal == form.thousands) return verb.failed("--decimal and --thousands must differ");
  options.numbers = form;
  return {};
}

}  // namespace tidemark
