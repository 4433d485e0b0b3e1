#include "io/hdfs/remote_error.h"

#include <fmt/format.h>

#include <algorithm>

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

// A NameNode says in a page why it takes no ticket: "… (Mechanism level: Clock skew too great (37))".
std::string mechanism_in(std::string_view page) {
  constexpr std::string_view before = "Mechanism level: ";
  const std::size_t begin = page.find(before);
  if (begin == page.npos) return {};
  page.remove_prefix(begin + before.size());
  return first_line(page.substr(0, std::min(page.find(" ("), page.find(')'))));
}

std::string cure_of_kerberos(std::string_view fault) {
  constexpr std::string_view from_keytab =
      "start tidemark with KRB5_CLIENT_KTNAME=FILE:KEYTAB in its environment, so that it gets tickets by itself";
  if (fault.contains("expired")) return fmt::format("run kinit as the user of this process, or {}", from_keytab);
  if (fault.contains("Clock skew"))
    return "the clocks of this machine, of the KDC and of the NameNode differ by more than Kerberos allows (5 "
           "minutes): "
           "set them with NTP";
  if (fault.contains("not found in Kerberos database"))
    return "name the NameNodes in lake by the host names that their principals have "
           "(dfs.web.authentication.kerberos.principal, HTTP/HOST@REALM), not by a number";
  if (fault.contains("contact any KDC") || fault.contains("find KDC"))
    return "see the realm in /etc/krb5.conf, and whether its KDC runs and can be reached from here";
  if (fault.contains("No credentials") || fault.contains("No Kerberos credentials"))
    return fmt::format(
        "there is no ticket: run kinit as the user of this process, with the same KRB5CCNAME as here, or {}",
        from_keytab);
  return "klist tells which tickets there are, and KRB5_TRACE=/dev/stderr in the environment what Kerberos does";
}

// The NameNode's message has it: "Permission denied: user=tidemark, access=WRITE, …".
std::string user_of(const RemoteError& error, const HdfsAccess& access) {
  constexpr std::string_view before = "user=";
  const std::size_t begin = error.message.find(before);
  if (begin == error.message.npos) return access.user;
  const std::string_view rest = std::string_view(error.message).substr(begin + before.size());
  return std::string(rest.substr(0, rest.find(',')));
}

std::string cure_of_rights(const RemoteError& error, std::string_view path, const HdfsAccess& access) {
  const std::string user = user_of(error, access);
  const bool is_believed = !access.security.is_negotiated && access.security.delegation_token.empty();
  return fmt::format("give {} the right to write there (hdfs dfs -mkdir -p {}; hdfs dfs -chown {} {}), or {}", user,
                     path, user, path,
                     is_believed ? "name another user in lake: webhdfs://USER@HOST"
                                 : "come with the ticket or the token of another user");
}

}  // namespace

RemoteError remote_error_of(const HttpReply& reply) {
  RemoteError error;
  if (reply.status == 401 || reply.status == 403)
    error.kerberos = reply.ticket_fault.empty() ? mechanism_in(reply.body) : first_line(reply.ticket_fault);
  const auto json = parse_json(reply.body);
  const JsonValue* const remote = json ? json->find("RemoteException") : nullptr;
  if (!remote) return error;
  error.exception = remote->text_of("exception").value_or("");
  error.message = first_line(remote->text_of("message").value_or(""));
  // "SecurityException: … SecretManager$InvalidToken: token can't be found in cache": it was cancelled.
  if (error.exception.ends_with("InvalidToken") || error.message.contains("$InvalidToken"))
    error.exception = "InvalidToken";
  // A DataNode wraps what the NameNode has told it.
  if (error.exception == "IOException" && error.message.find("QuotaExceededException") != std::string::npos)
    error.exception = "DSQuotaExceededException";
  if (error.exception == "RemoteException" || error.exception == "IOException") {
    if (const std::string text = remote->text_of("javaClassName").value_or(""); text.ends_with("SafeModeException"))
      error.exception = "SafeModeException";
  }
  return error;
}

std::string cure_of(const RemoteError& error, long status, std::string_view path, const HdfsAccess& access) {
  if (error.exception == "AccessControlException") return cure_of_rights(error, path, access);
  if (error.exception == "SafeModeException")
    return "the NameNode leaves safe mode by itself once its DataNodes have reported; if it does not, hdfs dfsadmin "
           "-safemode get tells why";
  if (is_quota(error.exception))
    return "raise the quota of the folder (hdfs dfsadmin -setSpaceQuota, -setQuota), or make room in it";
  if (error.exception == "StandbyException" || error.exception == "RetriableException")
    return "no NameNode is active: hdfs haadmin -getAllServiceState tells their states";
  if (error.exception == "AlreadyBeingCreatedException" || error.exception == "RecoveryInProgressException")
    return "another process writes this file; end it, or wait a minute if it was killed";
  if (error.exception == "InvalidToken")
    return "the delegation token has expired or was cancelled: fetch a new one, and set TIDEMARK_HDFS_DELEGATION_TOKEN "
           "to "
           "its urlString";
  if (error.exception.empty() && !error.kerberos.empty()) return cure_of_kerberos(error.kerberos);
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
