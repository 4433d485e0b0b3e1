// Checks a request: host, then token, then origin.
#include "io/serve/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/check.h"
#include "io/net/host_name.h"

namespace tidemark {
namespace {

constexpr std::string_view cookie_name = "tidemark_token";
constexpr std::chrono::seconds longest_cookie = std::chrono::days(30);

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) { return lower(one) == lower(name); });
}

std::optional<std::string_view> cookie(const Request& request) {
  if (!request.cookie) return std::nullopt;
  std::string_view rest = *request.cookie;
  while (!rest.empty()) {
    std::string_view pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(cookie_name) && pair.substr(cookie_name.size()).starts_with('=')) {
      return pair.substr(cookie_name.size() + 1);
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> bearer(const Request& request) {
  if (!request.authorization) return std::nullopt;
  const std::string_view value = *request.authorization;
  if (value.size() < 7 || lower(value.substr(0, 7)) != "bearer ") return std::nullopt;
  return value.substr(7);
}

// Back to the same page without the token in its address, wherever it stood there. The cookie ends with its token.
Response with_cookie(const Request& request, const Token& token, EventTime now) {
  std::string location = request.path;
  char separator = '?';
  for (const auto& [name, value] : request.parameters) {
    if (name == "token" || name.contains(token.text) || value.contains(token.text)) continue;
    location += separator + percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  std::chrono::seconds age = longest_cookie;
  if (token.until) age = std::min(age, std::chrono::ceil<std::chrono::seconds>(*token.until - now));
  Response response{.status = 303, .content_type = "text/plain; charset=utf-8"};
  response.headers.emplace_back("Location", std::move(location));
  response.headers.emplace_back("Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict",
                                                          cookie_name, token.text, age.count()));
  return response;
}

}  // namespace

Result<Access> Access::from(AccessRules rules) {
  if (rules.tokens.empty() && !rules.loopback) {
    return std::unexpected(
        Error::setup("to listen on an address that others can reach, set a token, which every reader then needs, or "
                     "leave the address at localhost"));
  }
  for (const Token& token : rules.tokens)
    if (const auto fault = fault_in_token(token.text))
      return std::unexpected(Error::setup(fmt::format("token: {}", *fault)));
  return Access(std::move(rules));
}

void Access::set_tokens(std::vector<Token> tokens) {
  CHECK(!tokens.empty());
  rules_.tokens = std::move(tokens);
}

std::optional<Response> Access::refuse(const Request& request, EventTime now) const {
  if (request.channel == Channel::ControlSocket) return std::nullopt;  // the file's mode has decided
  if (auto refusal = refuse_host(request)) return refusal;
  if (auto refusal = refuse_token(request, now)) return refusal;
  if (!request.is_read()) return refuse_origin(request);
  return std::nullopt;
}

std::optional<Response> Access::refuse_host(const Request& request) const {
  if (!request.host) return error_response(400, "Host", "a request needs a Host header");
  const std::string_view name = name_in_host(*request.host);
  if (name.empty()) return error_response(400, "Host", "this Host header cannot be read");
  if (contains(rules_.allowed_hosts, name)) return std::nullopt;
  if (!rules_.loopback || is_loopback_name(name)) return std::nullopt;
  return error_response(403, "Host",
                        "this server answers to localhost only; other names must be allowed in its "
                        "settings");
}

const Token* Access::find(std::optional<std::string_view> given) const {
  const Token* found = nullptr;
  if (given)
    for (const Token& token : rules_.tokens)
      if (equal_in_constant_time(*given, token.text)) found = &token;
  return found;
}

std::optional<Response> Access::refuse_token(const Request& request, EventTime now) const {
  if (rules_.tokens.empty() || request.path == "/healthz" || request.path == "/readyz") {
    return std::nullopt;
  }
  const std::string* in_address = request.parameter("token");
  if (in_address && request.path == "/" && request.is_read()) {
    const Token* const token = find(std::string_view(*in_address));
    if (token && token->is_valid(now)) return with_cookie(request, *token, now);
  }
  bool has_expired = false;
  for (const auto& given : {bearer(request), cookie(request)}) {
    const Token* const token = find(given);
    if (token && token->is_valid(now)) return std::nullopt;
    has_expired |= token != nullptr;
  }
  Response refusal = error_response(
      401, "token",
      has_expired
          ? "this token has expired: open the page as /?token=…, or send `Authorization: Bearer …`, with another"
          : "open the page as /?token=…, or send the token as `Authorization: Bearer …`");
  if (request.path == "/") {  // probably a person with a browser
    refusal.content_type = "text/plain; charset=utf-8";
    refusal.body = has_expired ? "The token of this page has expired: open it as /?token=... once, with another.\n"
                               : "This page needs its token: open it as /?token=... once.\n";
  }
  refusal.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tidemark\"");
  return refusal;
}

std::string Access::credential_of(const Request& request, EventTime now) const {
  if (request.channel == Channel::ControlSocket) return {};
  for (const auto& given : {bearer(request), cookie(request)})
    if (const Token* const token = find(given); token && token->is_valid(now)) return token->text;
  return {};
}

Access::Standing Access::standing_of(std::string_view credential, EventTime now) const {
  if (credential.empty()) return Standing::Good;
  const Token* const token = find(credential);
  if (token == nullptr) return Standing::Revoked;
  return token->is_valid(now) ? Standing::Good : Standing::Expired;
}

std::optional<Response> Access::refuse_origin(const Request& request) const {
  if (request.channel == Channel::ControlSocket || !request.origin) return std::nullopt;
  const std::string& origin = *request.origin;
  if (contains(rules_.allowed_origins, origin)) return std::nullopt;
  const std::size_t scheme = origin.find("://");
  const bool same = scheme != origin.npos && request.host && lower(origin.substr(scheme + 3)) == lower(*request.host);
  if (same) return std::nullopt;
  return error_response(403, "Origin", "pages of another origin must be allowed in the settings");
}

}  // namespace tidemark
