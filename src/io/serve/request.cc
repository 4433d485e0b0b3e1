// Taking targets apart, and writing the head of a response.
#include "io/serve/request.h"

#include <fmt/format.h>

#include "core/wire/encode.h"
#include "core/wire/json.h"

namespace tidemark {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus : bool { IsPlus, IsSpace };

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      if (text.size() - at < 3) return std::nullopt;
      const int high = hex_digit(text[at + 1]), low = hex_digit(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      at += 2;
    } else if (c == '+' && plus == Plus::IsSpace) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return std::nullopt;
    out += c;
  }
  return out;
}

}  // namespace

const std::string* Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  const std::size_t mark = target.find('?');
  auto path = percent_decode(target.substr(0, mark), Plus::IsPlus);
  if (!path || !is_utf8(*path)) return std::nullopt;
  Target parsed{std::move(*path), {}};
  std::string_view query = mark == target.npos ? "" : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), Plus::IsSpace);
    auto value = percent_decode(equals == pair.npos ? "" : pair.substr(equals + 1), Plus::IsSpace);
    if (!name || !value || !is_utf8(*name) || !is_utf8(*value)) return std::nullopt;
    parsed.parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parsed;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

Response error_response(unsigned status, std::string_view field, std::string_view message) {
  Response response{.status = status};
  response.body = R"({"error":{"field":)";
  if (field.empty()) {
    response.body += "null";
  } else {
    append_json_string(field, response.body);
  }
  response.body += R"(,"message":)";
  append_json_string(message, response.body);
  response.body += "}}";
  return response;
}

std::string response_head(const Response& response, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
  if (response.status != 304) {
    const std::size_t size = response.embedded.empty() ? response.body.size() : response.embedded.size();
    fmt::format_to(std::back_inserter(head), "Content-Type: {}\r\nContent-Length: {}\r\n", response.content_type, size);
  }
  bool cached = false;
  for (const auto& [name, value] : response.headers) {
    fmt::format_to(std::back_inserter(head), "{}: {}\r\n", name, value);
    cached |= name == "Cache-Control";
  }
  if (!cached) head += "Cache-Control: no-store\r\n";
  head +=
      "X-Content-Type-Options: nosniff\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "Cross-Origin-Resource-Policy: same-origin\r\n";
  head += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  return head;
}

}  // namespace tidemark
