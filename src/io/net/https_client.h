// An HTTP client for one server: a GET at a time over a connection that is kept, with TLS where the address says so.
//
// TLS 1.2 or later; the server's certificate must be trusted, and be for the host that was asked for.
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

namespace tidemark {

struct HttpHeader {
  std::string name, value;
};

// Of a request: its value is in no copy of ours once it has been sent.
struct SecretHeader {
  std::string name;
  Secret value;
};

// Of the headers only those that somebody reads: no other name and no other value goes any further.
struct RestAnswer {
  unsigned status = 0;
  std::vector<HttpHeader> headers;
  std::string body;  // masked
  // Of this name, whatever its case.
  std::optional<std::string_view> header(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
};

class HttpsClient {
 public:
  virtual ~HttpsClient() = default;
  // Waits 10 s for a connection and 30 s for the answer to begin, and not at all once a stop is asked for. Error::retryable
  // but for a certificate that is not trusted, which is Error::setup. An answer of more than 16 MB is none.
  virtual Result<RestAnswer> get(const std::string& target, std::span<const SecretHeader> headers,
                                 std::stop_token stop) = 0;
  // Whether the last GET failed because the server had just given up the connection of earlier ones: it may be asked again.
  virtual bool was_stale() const = 0;
};

// Nothing is connected yet. `ca_file`: certificates to trust, PEM; empty: those of the system.
Result<std::unique_ptr<HttpsClient>> make_https_client(const ServerUrl& server, const std::string& ca_file,
                                                       SecretMask mask);

}  // namespace tidemark
