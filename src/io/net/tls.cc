#include "io/net/tls.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tidemark {

void FreeTls::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Result<TlsContext> make_tls_context(const TrustedCertificates& trusted) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) return std::unexpected(Error::permanent("OpenSSL has no TLS"));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const bool is_trusting = trusted.file.empty()
                               ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                               : SSL_CTX_load_verify_locations(context.get(), trusted.file.c_str(), nullptr) == 1;
  if (is_trusting) return context;
  const char* const why = ERR_reason_error_string(ERR_peek_last_error());
  return std::unexpected(Error::setup(fmt::format("{}: {} holds no certificates that can be read ({})", trusted.setting,
                                                  trusted.file.empty() ? "the system's own" : trusted.file,
                                                  why != nullptr ? why : "no such file")));
}

bool is_address(const std::string& host) {
  in_addr four{};
  in6_addr six{};
  return inet_pton(AF_INET, host.c_str(), &four) == 1 || inet_pton(AF_INET6, host.c_str(), &six) == 1;
}

}  // namespace tidemark
