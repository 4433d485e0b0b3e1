#include "io/alpaca_server/rest_request.h"

#include <algorithm>

#include "core/wire/base64.h"

namespace tidemark {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      if (text.size() - at < 3) return std::nullopt;
      const int high = hex_digit(text[at + 1]), low = hex_digit(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      at += 2;
    }
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

}  // namespace

const std::string* RestRequest::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters)
    if (known == name) return &value;
  return nullptr;
}

std::optional<RestRequest> parse_rest_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  const std::size_t mark = target.find('?');
  auto path = percent_decode(target.substr(0, mark));
  if (!path) return std::nullopt;
  RestRequest request{.path = std::move(*path), .parameters = {}, .key = {}, .secret = {}};
  std::string_view query = mark == target.npos ? "" : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals));
    // A plus stays one: it stands in time zones, and nothing here has a space.
    auto value = percent_decode(equals == pair.npos ? "" : pair.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    request.parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return request;
}

std::optional<std::pair<std::string, std::string>> parse_basic_authorization(std::string_view value) {
  constexpr std::string_view scheme = "Basic ";
  if (!value.starts_with(scheme)) return std::nullopt;
  const auto pair = parse_base64(value.substr(scheme.size()));
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(pair->substr(0, colon), pair->substr(colon + 1));
}

}  // namespace tidemark
