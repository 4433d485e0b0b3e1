// What a NameNode or DataNode says when it refuses: Java's exception as JSON, and what a person can do about it.
#pragma once

#include <string>
#include <string_view>

#include "io/hdfs/hdfs_access.h"
#include "io/hdfs/http_transfer.h"

namespace tidemark {

struct RemoteError {
  std::string exception;  // "AccessControlException"; empty if the answer is none of HDFS
  std::string message;    // its first line
  std::string kerberos;   // what Kerberos says, here or there: "Ticket expired"; empty: nothing
};

RemoteError remote_error_of(const HttpReply& reply);

// "give the user tidemark the right to write there: hdfs dfs -chown tidemark /lake"; never empty.
std::string cure_of(const RemoteError& error, long status, std::string_view path, const HdfsAccess& access);

// This NameNode does not serve now, another one may.
bool asks_for_another(const RemoteError& error);

}  // namespace tidemark
