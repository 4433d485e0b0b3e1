// What our end of a secure connection demands: TLS 1.2 or later, a certificate that is trusted.
//
// That it is for the host which was asked for is demanded of each connection.
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

// `ca_file`: certificates to trust, PEM; empty: those of the system. Error::setup.
Result<TlsContext> make_tls_context(const std::string& ca_file);

// Whether a host is an address, which has no name that could be told before the handshake.
bool is_address(const std::string& host);

}  // namespace tidemark
