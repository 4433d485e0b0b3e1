// Numbers as they stand in tables of bars (contract/semantics.md §6.6): those of JSON, and what people and
// spreadsheets write.
//
//     185.05   1.8505e2   .91   5.   +3        always
//     190.65K   1.21M   3B                     a volume or a count
//     16,826.05   1'250'000                    once the separator of thousands is known
//     138,52   1.250,00                        once the decimal comma is known
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
  int price_exponent = 0;  // prices are worth this power of ten: -9 where 185050000000 is 185.05

  bool is_plain() const { return decimal == '.' && thousands == '\0'; }
  // The power of ten that a field's numbers are worth.
  int exponent_of(FieldName field) const;
};

// Empty when the text is no number.
std::optional<ParsedDecimal> parse_table_number(std::string_view text, FieldName field, const NumberForm& form);

// Learns decimal and thousands from some numbers of a table. One that can be read in one way only decides; where none
// does and there are commas, an error says what nobody can know, and the cure.
Result<void> learn_number_form(std::span<const std::string> numbers, NumberForm& form);

}  // namespace tidemark
