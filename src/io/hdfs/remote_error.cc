#include "io/hdfs/remote_error.h"

#include <fmt/format.h>

#include "io/net/json_value.h"

namespace tidemark {
namespace {

constexpr std::size_t longest_message = 300;

std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(text.substr(0, longest_message));
}

bool is_quota(std::string_view exception) {
  return exception.ends_with("QuotaExceededException") || exception == "QuotaByStorageTypeExceededException";
}

}  // namespace

RemoteError remote_error_of(const HttpReply& reply) {
  const auto json = parse_json(reply.body);
  if (!json) return {};
  const JsonValue* const remote = json->find("RemoteException");
  if (!remote) return {};
  RemoteError error{.exception = remote->text_of("exception").value_or(""),
                    .message = first_line(remote->text_of("message").value_or(""))};
  // A DataNode wraps what the NameNode has told it.
  if (error.exception == "IOException" && error.message.find("QuotaExceededException") != std::string::npos)
    error.exception = "DSQuotaExceededException";
  if (error.exception == "RemoteException" || error.exception == "IOException") {
    if (const std::string text = remote->text_of("javaClassName").value_or(""); text.ends_with("SafeModeException"))
      error.exception = "SafeModeException";
  }
  return error;
}

std::string cure_of(const RemoteError& error, long status, std::string_view path, std::string_view user) {
  if (error.exception == "AccessControlException")
    return fmt::format(
        "give {} the right to write there (hdfs dfs -mkdir -p {}; hdfs dfs -chown {} {}), or name another user in "
        "lake: webhdfs://USER@HOST",
        user, path, user, path);
  if (error.exception == "SafeModeException")
    return "the NameNode leaves safe mode by itself once its DataNodes have reported; if it does not, hdfs dfsadmin "
           "-safemode get tells why";
  if (is_quota(error.exception))
    return "raise the quota of the folder (hdfs dfsadmin -setSpaceQuota, -setQuota), or make room in it";
  if (error.exception == "StandbyException" || error.exception == "RetriableException")
    return "no NameNode is active: hdfs haadmin -getAllServiceState tells their states";
  if (error.exception == "AlreadyBeingCreatedException" || error.exception == "RecoveryInProgressException")
    return "another process writes this file; end it, or wait a minute if it was killed";
  if (error.exception == "InvalidToken" || error.exception == "SecretManager$InvalidToken")
    return "the delegation token has expired or was cancelled: fetch a new one, and set TIDEMARK_HDFS_DELEGATION_TOKEN to "
           "its urlString";
  if (status == 401)
    return "the cluster wants Kerberos: set hdfs-kerberos and run kinit, or give a delegation token "
           "(TIDEMARK_HDFS_DELEGATION_TOKEN)";
  if (error.exception.empty())
    return "is this the HTTP address of a NameNode (dfs.namenode.http-address), and is dfs.webhdfs.enabled true in "
           "hdfs-site.xml?";
  return "the NameNode's log says more";
}

bool asks_for_another(const RemoteError& error) {
  return error.exception == "StandbyException" || error.exception == "RetriableException" ||
         error.exception == "ObserverRetryOnActiveException";
}

}  // namespace tidemark
