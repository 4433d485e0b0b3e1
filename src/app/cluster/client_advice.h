// What users of a client library have to mind when they read Tidemark's topics: which versions and settings read only
// what is committed. Tried with the versions that are named (docs/kafka.md, "Readers").
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// Some lines; empty for a client that is not known.
std::string_view advice_for(std::string_view client);

// Their names, with commas between them.
std::string known_clients();

}  // namespace tidemark
