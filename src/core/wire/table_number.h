// Numbers in tables of bars (contract/semantics.md §6.6): those of JSON, and the forms of people and spreadsheets.
//
//     185.05   1.8505e2   .91   5.   +3        always
//     190.65K   1.21M   3B                     a volume or a count
//     16,826.05   1'250'000                    if the separator of thousands is known
//     138,52   1.250,00                        if a decimal comma is known
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/number/decimal.h"
#include "core/result.h"
#include "core/wire/fields.h"

namespace tidemark {

// How the numbers of one table are written.
struct NumberForm {
  char decimal = '.';      // or ','
  char thousands = '\0';   // none
  int price_exponent = 0;  // prices are in units of this power of ten: -9 where 185050000000 is 185.05

  bool is_plain() const { return decimal == '.' && thousands == '\0'; }
  // The power of ten of a field's unit.
  int exponent_of(FieldName field) const;
};

// Empty if the text is no number.
std::optional<ParsedDecimal> parse_table_number(std::string_view text, FieldName field, const NumberForm& form);

// Learns the decimal point and the separator of thousands from some numbers of a table. A number with only one reading
// decides. If there are commas and none decides, the error says what is ambiguous, and the cure.
Result<void> learn_number_form(std::span<const std::string> numbers, NumberForm& form);

}  // namespace tidemark
