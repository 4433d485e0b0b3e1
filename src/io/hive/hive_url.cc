#include "io/hive/hive_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tidemark {
namespace {

constexpr std::string_view scheme = "thrift://";
constexpr std::uint16_t usual_port = 9083;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

bool is_ipv6(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
  });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || rest != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// "metastore", "metastore:9083", "[::1]:9083"
std::optional<HiveServer> parse_server(std::string_view text) {
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return std::nullopt;
    host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (!is_ipv6(host) || (!text.empty() && !text.starts_with(':'))) return std::nullopt;
    if (!text.empty() && (port = text.substr(1)).empty()) return std::nullopt;
  } else if (const std::size_t colon = text.find(':'); colon != text.npos) {
    host = text.substr(0, colon);
    if ((port = text.substr(colon + 1)).empty()) return std::nullopt;
  }
  if (!host.contains(':') && !is_name(host)) return std::nullopt;
  const auto number = port.empty() ? usual_port : parse_port(port);
  if (!number) return std::nullopt;
  return HiveServer{.host = std::string(host), .port = *number};
}

}  // namespace

Result<HiveUrl> parse_hive_url(std::string_view setting, std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(Error::setup(
        fmt::format("{}: \"{}\" {}; write thrift://HOST:9083, or thrift://HOST:9083,HOST:9083", setting, text, why)));
  };
  if (!text.starts_with(scheme)) return wrong("is no address of a metastore");
  HiveUrl url;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    std::string_view place = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (comma != std::string_view::npos && rest.empty()) return wrong("ends in a comma");
    if (place.starts_with(scheme)) place.remove_prefix(scheme.size());
    while (place.ends_with('/')) place.remove_suffix(1);
    if (const std::size_t at = place.find('@'); at != place.npos) {
      if (!is_name(place.substr(0, at))) return wrong("names no user before its @");
      url.user = place.substr(0, at);
      place.remove_prefix(at + 1);
    }
    const auto server = parse_server(place);
    if (!server) return wrong("names no server as HOST or HOST:PORT");
    url.servers.push_back(*server);
  }
  return url;
}

std::string to_text(const HiveServer& server) {
  return fmt::format(fmt::runtime(server.host.contains(':') ? "[{}]:{}" : "{}:{}"), server.host, server.port);
}

std::string to_text(const HiveUrl& url) {
  std::string text;
  for (const HiveServer& server : url.servers)
    text += fmt::format("{}{}", text.empty() ? scheme : std::string_view(","), to_text(server));
  return text;
}

}  // namespace tidemark
