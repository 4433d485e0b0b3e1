// HiveMetastore: a Metastore over Thrift, as Hive 2.3 to 4 speak it (metastore.thrift).
//
// One connection at a time. With several servers (HA) the one that answered last is asked first; one that does not answer
// moves to the next. After any failure the next call connects anew. A call whose connection broke is made again: each of
// them may be made twice.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "io/hive/hive_url.h"
#include "run/interfaces/metastore.h"

namespace tidemark {

struct HiveAccess {
  std::vector<HiveServer> servers;
  std::string user;                                                // who owns what is made, as the server believes it
  std::chrono::milliseconds to_connect = std::chrono::seconds(5);  // to one server
  std::chrono::milliseconds to_answer = std::chrono::seconds(20);  // for the next byte of an answer
};

std::unique_ptr<Metastore> make_hive_metastore(HiveAccess access);

}  // namespace tidemark
