#include "io/hdfs/http_transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <new>

namespace tidemark {
namespace {

constexpr long connect_seconds = 5, silent_seconds = 60;
constexpr std::size_t longest_answer = 1 << 20;   // of an upload
constexpr std::size_t most_waiting = 4 << 20;     // of an upload's body
constexpr std::size_t worth_sending = 256 << 10;  // of it: sent at once, so that the server works while more is made
constexpr const char* user_agent = "tidemark";

// Once for the process, and never undone: libcurl may be in use until the end.
void start_library() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::bad_alloc();
}

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

struct HeadersDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, HeadersDeleter>;

struct MultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

// Where the bytes of an answer go.
struct Answer {
  std::string body;
  std::size_t longest = 0;
  bool is_too_long = false;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& answer = *static_cast<Answer*>(into);
  if (answer.body.size() + size * count > answer.longest) {
    answer.is_too_long = true;
    return 0;
  }
  try {
    answer.body.append(bytes, size * count);
  } catch (const std::bad_alloc&) {  // libcurl is C: nothing may fly through it
    answer.is_too_long = true;
    return 0;
  }
  return size * count;
}

template <typename Value>
void set(const Easy& handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle.get(), option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
}

Easy new_handle(const HdfsSecurity& settings) {
  start_library();
  Easy handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(handle, CURLOPT_LOW_SPEED_TIME, silent_seconds);
  set(handle, CURLOPT_USERAGENT, user_agent);
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_WRITEFUNCTION, &take_body);
  set(handle, CURLOPT_PROXY, "");  // a cluster's own nodes are not behind one
  if (!settings.ca_file.empty()) set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  return handle;
}

bool has_token(const std::string& url) { return url.contains("?delegation=") || url.contains("&delegation="); }

void negotiate(const Easy& handle, bool is_negotiated) {
  set(handle, CURLOPT_HTTPAUTH, static_cast<long>(is_negotiated ? CURLAUTH_NEGOTIATE : CURLAUTH_NONE));
  set(handle, CURLOPT_USERPWD, is_negotiated ? ":" : nullptr);  // the user is that of the ticket
}

// libcurl goes on without a ticket if it gets none, and says why only here.
int take_said(CURL* /*handle*/, curl_infotype kind, char* bytes, std::size_t size, void* into) {
  constexpr std::string_view of_library = "gss_init_sec_context() failed: ";
  std::string_view said(bytes, size);
  if (kind != CURLINFO_TEXT || !said.starts_with(of_library)) return 0;
  said.remove_prefix(of_library.size());
  while (said.ends_with('\n') || said.ends_with(' ') || said.ends_with('.')) said.remove_suffix(1);
  try {
    *static_cast<std::string*>(into) = said;
  } catch (const std::bad_alloc&) {  // then without the reason
  }
  return 0;
}

void aim(const Easy& handle, HttpMethod method, const std::string& url) {
  set(handle, CURLOPT_URL, url.c_str());
  set(handle, CURLOPT_HTTPGET, 1L);
  switch (method) {
    case HttpMethod::Get:
      set(handle, CURLOPT_CUSTOMREQUEST, static_cast<const char*>(nullptr));
      break;
    case HttpMethod::Put:
      set(handle, CURLOPT_CUSTOMREQUEST, "PUT");
      break;
    case HttpMethod::Delete:
      set(handle, CURLOPT_CUSTOMREQUEST, "DELETE");
      break;
  }
}

std::string without_query(std::string_view url) { return std::string(url.substr(0, url.find('?'))); }

Error failure(const std::string& url, CURLcode code, const Answer& answer) {
  if (answer.is_too_long)
    return Error::retryable(fmt::format("{} answers with more than {} bytes", without_query(url), answer.longest));
  return Error::retryable(fmt::format("{}: {}", without_query(url), curl_easy_strerror(code)));
}

HttpReply reply_of(const Easy& handle, Answer& answer) {
  HttpReply reply;
  char* location = nullptr;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &reply.status);
  curl_easy_getinfo(handle.get(), CURLINFO_REDIRECT_URL, &location);
  if (location) reply.location = location;
  reply.body = std::move(answer.body);
  return reply;
}

}  // namespace

struct HttpTransfer::Handle {
  Easy easy;
  bool is_negotiated = false;
  std::string ticket_fault;
};

HttpTransfer::HttpTransfer(const HdfsSecurity& settings)
    : handle_(new Handle{.easy = new_handle(settings), .is_negotiated = settings.is_negotiated}) {
  if (!settings.is_negotiated) return;
  const Easy& easy = handle_->easy;
  set(easy, CURLOPT_COOKIEFILE, "");  // cookies are kept, in memory
  set(easy, CURLOPT_VERBOSE, 1L);
  set(easy, CURLOPT_DEBUGFUNCTION, &take_said);
  set(easy, CURLOPT_DEBUGDATA, &handle_->ticket_fault);
}

HttpTransfer::~HttpTransfer() = default;

Result<HttpReply> HttpTransfer::ask(HttpMethod method, const std::string& url, std::size_t longest) {
  Answer answer{.longest = longest};
  handle_->ticket_fault.clear();
  aim(handle_->easy, method, url);
  negotiate(handle_->easy, handle_->is_negotiated && !has_token(url));
  set(handle_->easy, CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(handle_->easy.get());
  if (code != CURLE_OK) return std::unexpected(failure(url, code, answer));
  HttpReply reply = reply_of(handle_->easy, answer);
  reply.ticket_fault = std::move(handle_->ticket_fault);
  return reply;
}

struct HttpUpload::State {
  std::string url;
  Easy easy;
  std::unique_ptr<CURLM, MultiDeleter> multi;
  Headers headers;
  std::string waiting;  // bytes that libcurl has not taken yet, from `taken` on
  std::size_t taken = 0;
  bool is_last = false, is_paused = false, is_over = false;
  CURLcode code = CURLE_OK;
  Answer answer{.longest = longest_answer};

  ~State() {
    if (multi && easy) curl_multi_remove_handle(multi.get(), easy.get());
  }

  std::size_t left() const { return waiting.size() - taken; }

  static std::size_t give(char* into, std::size_t size, std::size_t count, void* from) {
    auto& state = *static_cast<State*>(from);
    const std::size_t bytes = std::min(size * count, state.left());
    if (bytes == 0 && !state.is_last) {
      state.is_paused = true;
      return CURL_READFUNC_PAUSE;
    }
    std::copy_n(state.waiting.data() + state.taken, bytes, into);
    state.taken += bytes;
    return bytes;
  }

  // Lets libcurl do what it can without waiting.
  void perform() {
    int running = 0, queued = 0;
    curl_multi_perform(multi.get(), &running);
    while (CURLMsg* const message = curl_multi_info_read(multi.get(), &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      is_over = true;
      code = message->data.result;
    }
  }

  // Lets libcurl work until no more than `most` bytes wait, and, with is_last, until the answer is there.
  Result<void> work(std::size_t most) {
    if (is_paused) {
      is_paused = false;
      curl_easy_pause(easy.get(), CURLPAUSE_CONT);
    }
    if (!is_last && left() >= worth_sending) perform();
    auto progress = std::chrono::steady_clock::now();
    std::size_t before = left();
    while (!is_over && (left() > most || is_last)) {
      perform();
      if (is_over || (left() <= most && !is_last)) break;
      const auto now = std::chrono::steady_clock::now();
      if (left() != before) {
        before = left();
        progress = now;
      }
      if (now - progress > std::chrono::seconds(silent_seconds)) {
        is_over = true;
        code = CURLE_OPERATION_TIMEDOUT;
        break;
      }
      curl_multi_poll(multi.get(), nullptr, 0, 1'000, nullptr);
    }
    if (taken == waiting.size()) waiting.clear(), taken = 0;
    if (is_over && code != CURLE_OK) return std::unexpected(failure(url, code, answer));
    return {};
  }
};

HttpUpload::HttpUpload(const HdfsSecurity& settings, const std::string& url) : state_(std::make_unique<State>()) {
  state_->url = url;
  state_->easy = new_handle(settings);
  state_->multi.reset(curl_multi_init());
  // Without "Expect: 100-continue" no second is lost where a server does not know it.
  state_->headers.reset(curl_slist_append(nullptr, "Expect:"));
  state_->headers.reset(curl_slist_append(state_->headers.release(), "Content-Type: application/octet-stream"));
  if (!state_->multi || !state_->headers) throw std::bad_alloc();
  const Easy& easy = state_->easy;
  set(easy, CURLOPT_LOW_SPEED_TIME, 0L);  // whoever makes the bytes may take their time
  negotiate(easy, settings.is_negotiated && !has_token(url));
  set(easy, CURLOPT_URL, url.c_str());
  set(easy, CURLOPT_UPLOAD, 1L);
  set(easy, CURLOPT_CUSTOMREQUEST, "PUT");
  set(easy, CURLOPT_HTTPHEADER, state_->headers.get());
  set(easy, CURLOPT_READFUNCTION, &State::give);
  set(easy, CURLOPT_READDATA, state_.get());
  set(easy, CURLOPT_WRITEDATA, &state_->answer);
  curl_multi_add_handle(state_->multi.get(), easy.get());
}

HttpUpload::~HttpUpload() = default;

Result<void> HttpUpload::append(std::string_view bytes) {
  if (state_->is_over) {
    // The server has answered before the end of the body: it has refused the request.
    const CURLcode code = state_->code == CURLE_OK ? CURLE_SEND_ERROR : state_->code;
    return std::unexpected(failure(state_->url, code, state_->answer));
  }
  state_->waiting.erase(0, state_->taken);
  state_->taken = 0;
  state_->waiting.append(bytes);
  return state_->work(most_waiting);
}

Result<HttpReply> HttpUpload::finish() {
  state_->is_last = true;
  if (auto done = state_->work(0); !done) return std::unexpected(done.error());
  return reply_of(state_->easy, state_->answer);
}

}  // namespace tidemark
