// Advice for users of a Kafka client library: which versions and settings read only committed records of Tidemark's
// topics. Tested with the named versions (docs/kafka.md, "Readers").
#pragma once

#include <string>
#include <string_view>

namespace tidemark {

// Some lines of text; empty for an unknown client.
std::string_view advice_for(std::string_view client);

// The names of the known clients, separated by commas.
std::string known_clients();

}  // namespace tidemark
