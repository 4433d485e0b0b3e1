#include "io/hdfs/remote_error.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace tidemark {
namespace {

// What MIT's library and a NameNode of Hadoop 3.4 have said.
struct KerberosCase {
  const char* when;
  long status;
  const char* ticket_fault;
  const char* body;
  const char* fault;  // as it is told
  const char* cure;   // a part of it
};

constexpr std::array kerberos_cases{
    KerberosCase{
        "no ticket", 401,
        "No credentials were supplied, or the credentials were unavailable or inaccessible. SPNEGO cannot find "
        "mechanisms to negotiate",
        "<html>", "No credentials were supplied", "run kinit"},
    KerberosCase{"an old ticket", 401, "Ticket expired", "<html>", "Ticket expired", "KRB5_CLIENT_KTNAME"},
    KerberosCase{"a number for a host", 401, "Server HTTP/127.0.0.1@TIDEMARK.TEST not found in Kerberos database",
                 "<html>", "Server HTTP/127.0.0.1@TIDEMARK.TEST not found", "host names"},
    KerberosCase{
        "no KDC", 401,
        "No credentials were supplied, or the credentials were unavailable or inaccessible. Cannot contact any "
        "KDC for realm 'TIDEMARK.TEST'",
        "<html>", "No credentials were supplied", "/etc/krb5.conf"},
    KerberosCase{"clocks that differ", 403, "",
                 "<p>Problem accessing /webhdfs/v1/. Reason: GSSException: Failure unspecified at GSS-API level "
                 "(Mechanism level: Clock skew too great (37))</p>",
                 "Clock skew too great", "NTP"},
    KerberosCase{"nothing of Kerberos, though wanted", 401, "", "<html>", "", "set hdfs-kerberos"},
};

TEST(HdfsRemoteErrorTest, NamesTheCureOfEachFaultOfKerberos) {
  for (const KerberosCase& each : kerberos_cases) {
    const RemoteError error =
        remote_error_of({.status = each.status, .body = each.body, .ticket_fault = each.ticket_fault});
    EXPECT_TRUE(error.kerberos.starts_with(each.fault)) << each.when << ": " << error.kerberos;
    EXPECT_TRUE(cure_of(error, each.status, "/lake", {}).contains(each.cure)) << each.when;
  }
}

TEST(HdfsRemoteErrorTest, KnowsATokenThatWasCancelledInsideAnotherException) {
  const RemoteError error = remote_error_of(
      {.status = 403,
       .body = R"({"RemoteException":{"exception":"SecurityException","javaClassName":"java.lang.SecurityException",)"
               R"("message":"Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager)"
               R"($InvalidToken: Token for real user: , can't be found in cache"}})"});
  EXPECT_TRUE(cure_of(error, 403, "/lake", {}).contains("fetch a new one"));
}

TEST(HdfsRemoteErrorTest, NamesTheUserWhomTheNameNodeSees) {
  const RemoteError error{.exception = "AccessControlException",
                          .message = "Permission denied: user=tidemark, access=WRITE, inode=\"/\":hdfs:supergroup"};
  HdfsAccess access{.namenodes = {}, .user = "root", .security = {}};
  EXPECT_TRUE(cure_of(error, 403, "/lake", access).contains("hdfs dfs -chown tidemark /lake), or name another user"));
  access.security.is_negotiated = true;
  EXPECT_TRUE(cure_of(error, 403, "/lake", access).contains("ticket or the token of another user"));
}

}  // namespace
}  // namespace tidemark
