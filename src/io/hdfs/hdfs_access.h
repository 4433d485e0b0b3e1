// HdfsAccess: where an HDFS is, and as whom it is used.
#pragma once

#include <string>
#include <vector>

#include "io/net/secret.h"

namespace tidemark {

// How a cluster is convinced of who asks. Without all of it, the user's name is believed (Hadoop's "simple" authentication).
struct HdfsSecurity {
  Secret delegation_token;     // as text (urlString); empty: none
  bool is_negotiated = false;  // SPNEGO, with the ticket that kinit has put into the user's cache
  std::string ca_file;         // certificates to trust, PEM; empty: those of the system
};

struct HdfsAccess {
  std::vector<std::string> namenodes;  // "http://namenode:9870"
  std::string user;                    // user.name; not sent where a token or a ticket names the user
  HdfsSecurity security;
};

}  // namespace tidemark
