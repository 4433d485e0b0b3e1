#include "io/s3/s3_library.h"

#include <arrow/filesystem/s3fs.h>
#include <fmt/format.h>

#include <algorithm>
#include <any>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <vector>

#include "io/net/request_target.h"
#include "io/s3/s3_error.h"

namespace tidemark {
namespace {

constexpr std::int64_t most_repetitions = 2, first_pause_ms = 100;

class BriefRetries final : public arrow::fs::S3RetryStrategy {
 public:
  bool ShouldRetry(const AWSErrorDetail& error, std::int64_t attempted) override {
    return error.should_retry && attempted < most_repetitions;
  }
  std::int64_t CalculateDelayBeforeNextRetry(const AWSErrorDetail&, std::int64_t attempted) override {
    return first_pause_ms << std::min(attempted, most_repetitions);
  }
};

// Beside an installed binary, or where the build found it.
std::vector<std::string> places_of_library() {
  namespace fs = std::filesystem;
  const fs::path built = TIDEMARK_ARROW_S3_LIBRARY;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "lib" / "tidemark" / built.filename();
  std::vector<std::string> found;
  for (const fs::path& file : {installed, built})
    if (fs::is_regular_file(file, error)) found.push_back(file.string());
  return found;
}

Result<void> load_library() {
  static std::mutex mutex;
  static bool is_loaded = false;
  const std::scoped_lock lock(mutex);
  if (is_loaded) return {};
  std::string reason = "it is not there";
  for (const std::string& file : places_of_library()) {
    const arrow::Status loaded = arrow::fs::LoadFileSystemFactories(file.c_str());
    if (loaded.ok()) {
      is_loaded = true;
      return {};
    }
    reason = loaded.ToString();
  }
  return std::unexpected(Error::setup(fmt::format(
      "a lake in S3 needs Arrow's library for it, which could not be loaded ({}): ./dev build brings it into "
      ".deps/, and an installed tidemark has it in ../lib/tidemark/{} beside its folder",
      reason, std::filesystem::path(TIDEMARK_ARROW_S3_LIBRARY).filename().string())));
}

// The SDK has to end before its own statics are destroyed. They are made with the first file system, and what is registered
// after them is called before.
void end_library_at_exit() {
  static const bool is_registered = std::atexit([] { arrow::fs::EnsureFinalized(); }) == 0;
  (void)is_registered;
}

// The library has the certificates' place of the machine that it was built on.
std::string certificates_of_system() {
  if (const char* const said = std::getenv("SSL_CERT_FILE"); said != nullptr && *said != '\0') return said;
  constexpr const char* usual = "/etc/ssl/certs/ca-certificates.crt";
  std::error_code ignored;
  return std::filesystem::exists(usual, ignored) ? usual : "";
}

// Arrow's form: the bucket, and everything that is no secret.
std::string uri_of(const S3Access& access, const std::string& bucket) {
  std::string uri = fmt::format("s3://{}?allow_delayed_open=true", bucket);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) uri += fmt::format("&{}={}", name, percent_encode(value));
  };
  std::string_view server = access.endpoint;
  if (const std::size_t scheme = server.find("://"); scheme != server.npos) {
    add("scheme", server.substr(0, scheme));
    server.remove_prefix(scheme + 3);
  }
  add("endpoint_override", server);
  add("region", access.region.empty() && !server.empty() ? "us-east-1" : access.region);
  add("tls_ca_file_path", access.ca_file.empty() ? certificates_of_system() : access.ca_file);
  return uri;
}

}  // namespace

Result<std::shared_ptr<arrow::fs::FileSystem>> open_s3(const S3Access& access, const std::string& bucket) {
  if (auto loaded = load_library(); !loaded) return std::unexpected(loaded.error());
  arrow::fs::FileSystemFactoryOptions options{
      {"retry_strategy", std::shared_ptr<arrow::fs::S3RetryStrategy>(std::make_shared<BriefRetries>())}};
  const auto add = [&](const char* name, const Secret& secret) {
    if (!secret.empty()) options.emplace_back(name, std::string(secret.reveal()));
  };
  add("access_key", access.keys.id);
  add("secret_key", access.keys.secret);
  add("session_token", access.keys.token);
  auto opened = arrow::fs::FileSystemFromUriAndOptions(uri_of(access, bucket), options);
  for (auto& [name, value] : options)
    if (auto* const text = std::any_cast<std::string>(&value)) wipe(*text);
  if (opened.ok()) {
    end_library_at_exit();
    return *opened;
  }
  const std::string why = opened.status().ToString();
  const S3Trouble trouble = trouble_of(why);
  const std::string message = fmt::format("cannot use the bucket {}: {}; {}", bucket, why, cure_of(trouble, bucket));
  return std::unexpected(opened.status().IsInvalid() || needs_a_person(trouble) ? Error::setup(message)
                                                                                : Error::retryable(message));
}

}  // namespace tidemark
