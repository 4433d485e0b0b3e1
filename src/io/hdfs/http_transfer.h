// HttpTransfer: requests of one HTTP connection after another, over libcurl.
//
// libcurl brings what a Hadoop cluster may ask for: TLS, SPNEGO, connections that are kept. Redirects are not followed:
// WebHDFS sends data only to the address of a redirect, so the caller has to see it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "io/hdfs/hdfs_access.h"

namespace tidemark {

struct HttpReply {
  long status = 0;
  std::string location;  // of a redirect
  std::string body;
  std::string
      ticket_fault;  // why no Kerberos ticket could be shown: "Ticket expired"; empty if one was, or none is to be
};

enum class HttpMethod : std::uint8_t { Get, Put, Delete };

// Shows a Kerberos ticket where the settings say so, except to an address that has a delegation token: that of a DataNode
// to which a NameNode redirects. What the server gives for a ticket (a cookie) is kept until the server wants a new one.
class HttpTransfer {
 public:
  explicit HttpTransfer(const HdfsSecurity& settings);
  ~HttpTransfer();
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  // Waits 5 s for a connection, and 60 s for the next byte of an answer. An answer of more than `longest` bytes is an
  // error. All errors are retryable, and name no part of the address behind its "?": it may hold a token.
  Result<HttpReply> ask(HttpMethod method, const std::string& url, std::size_t longest);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

// A PUT whose body is sent while it is made. Holds at most some megabytes of it.
class HttpUpload {
 public:
  HttpUpload(const HdfsSecurity& settings, const std::string& url);
  ~HttpUpload();  // breaks the request off if it was not finished
  HttpUpload(const HttpUpload&) = delete;
  HttpUpload& operator=(const HttpUpload&) = delete;

  Result<void> append(std::string_view bytes);
  // Sends the rest and waits for the answer.
  Result<HttpReply> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tidemark
