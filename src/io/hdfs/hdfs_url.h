// The address of a folder in HDFS, as a setting names it: webhdfs://[USER@]HOST[:PORT][,HOST[:PORT]…]/FOLDER.
//
//     webhdfs://namenode:9870/warehouse/tidemark            one NameNode, over HTTP; its port is 9870 if none is given
//     webhdfs+https://nn1:9871,nn2:9871/warehouse/tidemark  two of them (HA), over HTTPS; port 9871 if none is given
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace tidemark {

struct HdfsUrl {
  std::vector<std::string> namenodes;  // "http://namenode:9870"; at least one
  std::string user;                    // empty: none is named
  std::string folder;                  // "/warehouse/tidemark", without a slash at its end
};

bool is_hdfs_url(std::string_view text);

// Error::setup names the setting and what is wrong.
Result<HdfsUrl> parse_hdfs_url(std::string_view setting, std::string_view text);

// As parse_hdfs_url reads it, with all ports and without the user.
std::string to_text(const HdfsUrl& url);

}  // namespace tidemark
