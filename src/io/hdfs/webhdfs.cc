#include "io/hdfs/webhdfs.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/hdfs/remote_error.h"
#include "io/net/request_target.h"

namespace tidemark {
namespace {

constexpr std::size_t longest_json = 16 << 20;
constexpr std::size_t most_idle = 4;  // connections that are kept

// Each name of a path as a URL wants it; the slashes stay.
std::string encoded_path(std::string_view path) {
  std::string to;
  while (true) {
    const std::size_t slash = path.find('/');
    to += percent_encode(path.substr(0, slash));
    if (slash == path.npos) return to;
    to += '/';
    path.remove_prefix(slash + 1);
  }
}

HdfsStatus status_from(const JsonValue& json) {
  return {.name = json.text_of("pathSuffix").value_or(""),
          .is_folder = json.text_of("type") == "DIRECTORY",
          .size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, json.integer_of("length").value_or(0)))};
}

bool is_missing(const HttpReply& reply) {
  return reply.status == 404 && remote_error_of(reply).exception == "FileNotFoundException";
}

bool is_fine(const HttpReply& reply) { return reply.status >= 200 && reply.status < 300; }

}  // namespace

WebHdfs::WebHdfs(HdfsAccess access) : access_(std::move(access)) {}

std::string WebHdfs::address(const std::string& namenode, const Request& request) const {
  std::string url = fmt::format("{}/webhdfs/v1{}?op={}{}", namenode, encoded_path(request.path), request.operation,
                                request.parameters);
  if (!access_.security.delegation_token.empty())
    url += "&delegation=" + percent_encode(access_.security.delegation_token.reveal());
  else if (!access_.user.empty() && !access_.security.is_negotiated)
    url += "&user.name=" + percent_encode(access_.user);
  return url;
}

std::unique_ptr<HttpTransfer> WebHdfs::take_transfer() const {
  const std::scoped_lock lock(mutex_);
  if (idle_.empty()) return std::make_unique<HttpTransfer>(access_.security);
  auto transfer = std::move(idle_.back());
  idle_.pop_back();
  return transfer;
}

void WebHdfs::give_back(std::unique_ptr<HttpTransfer> transfer) const {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < most_idle) idle_.push_back(std::move(transfer));
}

Error WebHdfs::refusal(const Request& request, const HttpReply& reply) const {
  const RemoteError error = remote_error_of(reply);
  const std::string what = !error.exception.empty() ? fmt::format("{}: {}", error.exception, error.message)
                           : error.kerberos.empty() ? fmt::format("answer {}", reply.status)
                                                    : fmt::format("Kerberos: {}", error.kerberos);
  return Error::retryable(fmt::format("cannot {} {} in HDFS: {}; {}", request.doing, request.path, what,
                                      cure_of(error, reply.status, request.path, access_)));
}

Result<HttpReply> WebHdfs::ask(const Request& request) const {
  const std::size_t first = active_.load(std::memory_order_relaxed), count = access_.namenodes.size();
  std::string failures;
  for (std::size_t tried = 0; tried < count; ++tried) {
    const std::size_t which = (first + tried) % count;
    auto transfer = take_transfer();
    auto reply = transfer->ask(request.method, address(access_.namenodes[which], request), longest_json);
    if (reply) give_back(std::move(transfer));
    if (reply && !asks_for_another(remote_error_of(*reply))) {
      active_.store(which, std::memory_order_relaxed);
      return reply;
    }
    const std::string why = reply ? fmt::format("{} is on standby", access_.namenodes[which]) : reply.error().message();
    failures += (failures.empty() ? "" : ", ") + why;
  }
  return std::unexpected(Error::retryable(
      fmt::format("cannot {} {} in HDFS: {}; is the NameNode running, and is its HTTP port reachable from here?",
                  request.doing, request.path, failures)));
}

Result<std::optional<HdfsStatus>> WebHdfs::status(const std::string& path) const {
  const Request request{.method = HttpMethod::Get, .operation = "GETFILESTATUS", .path = path, .doing = "look at"};
  const auto reply = ask(request);
  if (!reply) return std::unexpected(reply.error());
  if (is_missing(*reply)) return std::nullopt;
  const auto json = is_fine(*reply) ? parse_json(reply->body) : std::unexpected(refusal(request, *reply));
  if (!json) return std::unexpected(refusal(request, *reply));
  const JsonValue* const found = json->find("FileStatus");
  if (!found) return std::unexpected(refusal(request, *reply));
  return status_from(*found);
}

// A folder of many files comes in parts (a thousand names each, unless dfs.ls.limit says otherwise).
Result<std::vector<HdfsStatus>> WebHdfs::list(const std::string& folder) const {
  std::vector<HdfsStatus> names;
  while (true) {
    const Request request{.method = HttpMethod::Get,
                          .operation = "LISTSTATUS_BATCH",
                          .path = folder,
                          .parameters = names.empty() ? "" : "&startAfter=" + percent_encode(names.back().name),
                          .doing = "list the folder"};
    const auto reply = ask(request);
    if (!reply) return std::unexpected(reply.error());
    if (is_missing(*reply)) return std::vector<HdfsStatus>{};
    if (!is_fine(*reply)) return std::unexpected(refusal(request, *reply));
    const auto json = parse_json(reply->body);
    const JsonValue* const listing = json ? json->find("DirectoryListing") : nullptr;
    const JsonValue* const part = listing ? listing->find("partialListing") : nullptr;
    const JsonValue* const found = part ? part->find("FileStatuses") : nullptr;
    const JsonValue* const entries = found ? found->find("FileStatus") : nullptr;
    if (!entries) return std::unexpected(refusal(request, *reply));
    for (const JsonValue& entry : entries->items) {
      HdfsStatus status = status_from(entry);
      if (status.name.empty())  // a file is listed as itself
        return std::unexpected(
            Error::retryable(fmt::format("cannot list the folder {} in HDFS: it is a file; move it away", folder)));
      names.push_back(std::move(status));
    }
    if (entries->items.empty() || listing->integer_of("remainingEntries").value_or(0) == 0) return names;
  }
}

Result<void> WebHdfs::make_folder(const std::string& path, unsigned mode) const {
  const Request request{.method = HttpMethod::Put,
                        .operation = "MKDIRS",
                        .path = path,
                        .parameters = fmt::format("&permission={:o}", mode),
                        .doing = "make the folder"};
  const auto reply = ask(request);
  if (!reply) return std::unexpected(reply.error());
  const auto json = is_fine(*reply) ? parse_json(reply->body) : std::unexpected(refusal(request, *reply));
  const JsonValue* const done = json ? json->find("boolean") : nullptr;
  if (!done || !done->boolean) return std::unexpected(refusal(request, *reply));
  return {};
}

// With an option the NameNode refuses with a reason; without one it only says false.
Result<void> WebHdfs::rename(const std::string& from, const std::string& to) const {
  const Request request{.method = HttpMethod::Put,
                        .operation = "RENAME",
                        .path = from,
                        .parameters = fmt::format("&destination={}&renameoptions=OVERWRITE", percent_encode(to)),
                        .doing = "rename"};
  const auto reply = ask(request);
  if (!reply) return std::unexpected(reply.error());
  if (!is_fine(*reply)) return std::unexpected(refusal(request, *reply));
  return {};
}

Result<void> WebHdfs::remove(const std::string& path, bool with_what_is_in_it) const {
  const Request request{.method = HttpMethod::Delete,
                        .operation = "DELETE",
                        .path = path,
                        .parameters = with_what_is_in_it ? "&recursive=true" : "&recursive=false",
                        .doing = "remove"};
  const auto reply = ask(request);
  if (!reply) return std::unexpected(reply.error());
  if (!is_fine(*reply) && !is_missing(*reply)) return std::unexpected(refusal(request, *reply));
  return {};
}

// Newer NameNodes answer with JSON, older ones with a redirect.
Result<std::string> WebHdfs::data_address(const Request& request) const {
  const auto reply = ask(request);
  if (!reply) return std::unexpected(reply.error());
  if (!reply->location.empty() && reply->status == 307) return reply->location;
  const auto json = is_fine(*reply) ? parse_json(reply->body) : std::unexpected(refusal(request, *reply));
  if (!json) return std::unexpected(refusal(request, *reply));
  if (auto location = json->text_of("Location")) return *std::move(location);
  return std::unexpected(refusal(request, *reply));
}

Result<std::size_t> WebHdfs::read(const std::string& path, std::uint64_t offset, std::span<char> into) const {
  if (into.empty()) return 0;
  const Request request{.method = HttpMethod::Get,
                        .operation = "OPEN",
                        .path = path,
                        .parameters = fmt::format("&offset={}&length={}&noredirect=true", offset, into.size()),
                        .doing = "read"};
  const auto location = data_address(request);
  if (!location) return std::unexpected(location.error());
  auto transfer = take_transfer();
  const auto reply = transfer->ask(HttpMethod::Get, *location, into.size());
  if (!reply) return std::unexpected(reply.error().while_doing(fmt::format("cannot read {} in HDFS", path)));
  give_back(std::move(transfer));
  if (!is_fine(*reply)) return std::unexpected(refusal(request, *reply));
  std::ranges::copy(reply->body, into.begin());
  return reply->body.size();
}

Result<std::unique_ptr<HttpUpload>> WebHdfs::create(const std::string& path, unsigned mode) const {
  const auto location =
      data_address({.method = HttpMethod::Put,
                    .operation = "CREATE",
                    .path = path,
                    .parameters = fmt::format("&overwrite=true&permission={:o}&noredirect=true", mode),
                    .doing = "write"});
  if (!location) return std::unexpected(location.error());
  return std::make_unique<HttpUpload>(access_.security, *location);
}

Result<void> WebHdfs::finish_upload(HttpUpload& upload, const std::string& path) const {
  const auto reply = upload.finish();
  if (!reply) return std::unexpected(reply.error().while_doing(fmt::format("cannot write {} in HDFS", path)));
  if (is_fine(*reply)) return {};
  return std::unexpected(
      refusal({.method = HttpMethod::Put, .operation = "CREATE", .path = path, .doing = "write"}, *reply));
}

}  // namespace tidemark
