// The fast reader: records as programs write them, one flat object of known fields, plain ASCII strings, no duplicate
// keys. Nearly every record is one. All others go to the complete reader (json.h).
#pragma once

#include <string_view>

#include "core/wire/fields.h"

namespace tidemark {

// Fills `fields` (cleared by the caller) and returns true. False means only "not plain".
bool read_plain_record(std::string_view record, Fields& fields);

}  // namespace tidemark
