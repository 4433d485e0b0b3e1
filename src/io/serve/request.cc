// Looking up what a request has, and writing the head of a response.
#include "io/serve/request.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/encode.h"

namespace tidemark {
namespace {

// The next entry of a header's list, without blanks; `rest` begins behind its comma.
std::string_view take_entry(std::string_view& rest) {
  std::string_view one = rest.substr(0, rest.find(','));
  rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
  return one.substr(0, one.find_last_not_of(" \t") + 1);
}

}  // namespace

const std::string* Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return nullptr;
}

bool Request::knows(std::string_view etag) const {
  std::string_view rest = if_none_match ? std::string_view(*if_none_match) : std::string_view();
  while (!rest.empty()) {
    std::string_view tag = take_entry(rest);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

bool has_word(std::string_view list, std::string_view word) {
  const auto is_same = [](char one, char other) {
    return (one >= 'A' && one <= 'Z' ? static_cast<char>(one - 'A' + 'a') : one) == other;
  };
  while (!list.empty())
    if (std::ranges::equal(take_entry(list), word, is_same)) return true;
  return false;
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
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

Response json_response(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
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

std::string response_head(const Response& response, AfterAnswer after) {
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
  if (after == AfterAnswer::Close) head += "Connection: close\r\n";
  if (after == AfterAnswer::StayOpenAsAsked) head += "Connection: keep-alive\r\n";
  head += "\r\n";
  return head;
}

}  // namespace tidemark
