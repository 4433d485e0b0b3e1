// An HTTP client for one server: one GET at a time over a persistent connection, with TLS if the URL says so.
//
// TLS 1.2 or later; the server's certificate must be trusted and valid for the host.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "io/net/secret.h"
#include "io/net/secret_mask.h"
#include "io/net/server_url.h"
#include "io/net/tls.h"

namespace tidemark {

struct HttpHeader {
  std::string name, value;
};

// A header of a request. Our copies of its value are wiped once it was sent.
struct SecretHeader {
  std::string name;
  Secret value;
};

// Of the headers only those that the program uses: other names and values go no further.
struct RestAnswer {
  unsigned status = 0;
  std::vector<HttpHeader> headers;
  std::string body;  // masked
  // The header of this name, in any case.
  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
};

class HttpsClient {
 public:
  virtual ~HttpsClient() = default;
  // Waits 10 s for a connection and 30 s for the response to begin, and stops waiting when `stop` is requested. Errors
  // are Error::retryable, except for an untrusted certificate, which is Error::setup. A response of more than 16 MB is
  // an error.
  virtual Result<RestAnswer> get(const std::string& target, std::span<const SecretHeader> headers,
                                 std::stop_token stop) = 0;
  // Whether the last GET failed because the server had just closed the persistent connection: it may be tried again.
  virtual bool was_stale() const = 0;
};

// Connects later.
Result<std::unique_ptr<HttpsClient>> make_https_client(const ServerUrl& server, const TrustedCertificates& trusted,
                                                       SecretMask mask);

}  // namespace tidemark
