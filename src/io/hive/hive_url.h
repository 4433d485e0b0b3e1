// The address of a Hive metastore, as a setting names it: thrift://[USER@]HOST[:PORT][,HOST[:PORT]…].
//
//     thrift://metastore:9083                 its port is 9083 if none is given
//     thrift://hms1:9083,hms2:9083            two of them (HA); also thrift://hms1,thrift://hms2, as hive-site.xml has it
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

struct HiveServer {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  friend bool operator==(const HiveServer&, const HiveServer&) = default;
};

struct HiveUrl {
  std::vector<HiveServer> servers;  // at least one
  std::string user;                 // empty: none is named
};

// Error::setup names the setting and what is wrong.
Result<HiveUrl> parse_hive_url(std::string_view setting, std::string_view text);

std::string to_text(const HiveServer& server);  // "metastore:9083"
std::string to_text(const HiveUrl& url);        // "thrift://hms1:9083,hms2:9083", without the user

}  // namespace tidemark
