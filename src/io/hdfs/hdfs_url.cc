#include "io/hdfs/hdfs_url.h"

#include <fmt/format.h>

#include <algorithm>

#include "io/net/host_name.h"

namespace tidemark {
namespace {

constexpr std::string_view plain_scheme = "webhdfs://", secure_scheme = "webhdfs+https://";

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

// "namenode:9870" or "[::1]:9870"; empty when it is neither.
std::string with_port(std::string_view place, std::string_view usual_port) {
  std::size_t port = place.rfind(':');
  if (place.starts_with('[')) {
    const std::size_t end = place.find(']');
    if (end == place.npos) return {};
    if (end + 1 == place.size()) return fmt::format("{}:{}", place, usual_port);
    return place[end + 1] == ':' && is_port(place.substr(end + 2)) ? std::string(place) : std::string();
  }
  if (port == place.npos) return is_host(place) ? fmt::format("{}:{}", place, usual_port) : std::string();
  return is_host(place.substr(0, port)) && is_port(place.substr(port + 1)) ? std::string(place) : std::string();
}

}  // namespace

bool is_hdfs_url(std::string_view text) { return text.starts_with(plain_scheme) || text.starts_with(secure_scheme); }

Result<HdfsUrl> parse_hdfs_url(std::string_view setting, std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(Error::setup(
        fmt::format("{}: \"{}\" {}; write webhdfs://HOST:9870/FOLDER, or webhdfs+https://", setting, text, why)));
  };
  if (!is_hdfs_url(text)) return wrong("is no folder in HDFS");
  const bool is_secure = text.starts_with(secure_scheme);
  std::string_view rest = text.substr((is_secure ? secure_scheme : plain_scheme).size());
  HdfsUrl url;
  const std::size_t slash = rest.find('/');
  url.folder = slash == rest.npos ? "" : rest.substr(slash);
  rest = rest.substr(0, slash);
  while (url.folder.ends_with('/')) url.folder.pop_back();
  if (url.folder.empty()) return wrong("names no folder; the root of HDFS cannot be a lake");
  if (url.folder.find("//") != std::string::npos || (url.folder + '/').find("/../") != std::string::npos ||
      (url.folder + '/').find("/./") != std::string::npos ||
      std::ranges::any_of(url.folder, [](char c) { return c < ' ' || c == '\x7f' || c == ':'; }))
    return wrong("has a folder that HDFS does not allow");
  if (const std::size_t at = rest.find('@'); at != rest.npos) {
    url.user = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    if (!is_host(url.user)) return wrong("names no user before its @");
  }
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string place = with_port(rest.substr(0, comma), is_secure ? "9871" : "9870");
    if (place.empty()) return wrong("names no NameNode as HOST or HOST:PORT");
    url.namenodes.push_back((is_secure ? "https://" : "http://") + place);
    if (comma == rest.npos) return url;
    rest.remove_prefix(comma + 1);
  }
}

std::string to_text(const HdfsUrl& url) {
  std::string text;
  for (const std::string& namenode : url.namenodes) {
    const std::string_view place = std::string_view(namenode).substr(namenode.find("://") + 3);
    if (text.empty())
      text = namenode.starts_with("https") ? secure_scheme : plain_scheme;
    else
      text += ',';
    text += place;
  }
  return text + url.folder;
}

}  // namespace tidemark
