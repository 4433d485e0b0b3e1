// The client's requirements for a secure connection: TLS 1.2 or later, and a trusted certificate.
//
// Each connection also checks that the certificate is for its host.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace tidemark {

struct FreeTls {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTls>;

// The certificates that a user has chosen to trust.
struct TrustedCertificates {
  std::string file;     // PEM; empty: the system's
  std::string setting;  // the name of the setting that names the file, for messages
};

// Error::setup if they cannot be read.
Result<TlsContext> make_tls_context(const TrustedCertificates& trusted);

// Whether a host is an IP address, which is not sent as a server name in the handshake.
bool is_address(const std::string& host);

}  // namespace tidemark
