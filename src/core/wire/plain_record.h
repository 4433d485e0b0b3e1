// The fast reader: records as programs write them, one flat object of known fields, plain ASCII strings,
// no key twice. Nearly every record is one. Whatever is not, it leaves to the complete reader (json.h).
#pragma once

#include <string_view>

#include "core/wire/fields.h"

namespace tidemark {

// Fills `fields` (cleared by the caller) and returns true; false means nothing but "not plain".
bool read_plain_record(std::string_view record, Fields& fields);

}  // namespace tidemark
