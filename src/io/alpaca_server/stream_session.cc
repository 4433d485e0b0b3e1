#include "io/alpaca_server/stream_session.h"

#include <utility>

#include "io/alpaca_server/msgpack.h"

namespace tidemark {
namespace {

constexpr int invalid_syntax = 400, not_authenticated = 401, auth_failed = 402, already_authenticated = 403;
constexpr int auth_timeout = 404, connection_limit_exceeded = 406, slow_client = 407, internal_error = 500;

// True for errors that end the session.
bool ends(int code) { return code == auth_timeout || code == slow_client || code == internal_error; }

bool is_told_at_subscribe(int code) {
  return code == invalid_syntax || code == not_authenticated || code == 405 || code == slow_client || code == 410;
}

}  // namespace

StreamSession::StreamSession(Options options, StreamSink& sink, const Others& others, const ApiKeys& keys,
                             Faults& faults, StreamLimits limits)
    : options_(options),
      sink_(sink),
      others_(others),
      keys_(keys),
      faults_(faults),
      limits_(limits),
      subscription_(options.feed) {}

void StreamSession::open(std::string_view key, std::string_view secret) {
  say(stream_text::success(options_.encoding, "connected"));
  if (!key.empty() || !secret.empty()) authenticate(key, secret);
}

void StreamSession::receive(std::string_view message, Encoding encoding) {
  const auto read = encoding == Encoding::Json ? parse_json(message) : parse_msgpack(message);
  const auto action = read ? read->text_of("action") : std::nullopt;
  if (!action) return fail(invalid_syntax);
  if (*action == "auth") return authenticate(read->text_of("key").value_or(""), read->text_of("secret").value_or(""));
  if (*action != "subscribe" && *action != "unsubscribe") return fail(invalid_syntax);
  subscribe(*read, *action == "subscribe");
}

void StreamSession::authenticate(std::string_view key, std::string_view secret) {
  if (is_authenticated()) return fail(already_authenticated);
  if (refused(During::Auth)) return;
  if (!keys_.knows(key, secret)) return fail(auth_failed);
  if (limits_.connections && others_.connections_of(key, options_.feed) >= *limits_.connections)
    return fail(connection_limit_exceeded);
  key_ = key;
  say(stream_text::success(options_.encoding, "authenticated"));
}

void StreamSession::subscribe(const JsonValue& message, bool adds) {
  if (!is_authenticated()) return fail(not_authenticated);
  if (refused(During::Subscribe)) return;
  const auto wrong = adds ? subscription_.add(message, limits_.symbols) : subscription_.remove(message);
  if (wrong) return fail(*wrong);
  say(stream_text::subscription(options_.encoding, subscription_.channels()));
}

bool StreamSession::refused(During during) {
  const auto code = faults_.refusal(options_.number);
  if (!code || is_told_at_subscribe(*code) != (during == During::Subscribe)) return false;
  if (!std::exchange(was_refused_, true)) ++faults_.counts.refused;
  fail(*code);
  return true;
}

void StreamSession::auth_time_is_up() {
  if (!is_authenticated()) fail(auth_timeout);
}

void StreamSession::fall_silent() {
  if (!std::exchange(silent_, true)) ++faults_.counts.muted;
}

void StreamSession::fell_behind() {
  ++faults_.counts.slow_clients;
  fail(slow_client);
}

void StreamSession::send_bars(std::string frame) {
  if (faults_.is_garbage_before(options_.number, ++frames_)) {
    ++faults_.counts.garbage_frames;
    say(options_.encoding == Encoding::Json ? R"([{"T":"b","S":)" : "\xc1\xc1\xc1");  // no value begins with 0xc1
  }
  say(std::move(frame));
}

void StreamSession::fail(int code) {
  say(stream_text::error(options_.encoding, code));
  if (ends(code)) sink_.end();
}

void StreamSession::say(std::string message) {
  if (!silent_) sink_.send(std::move(message));
}

}  // namespace tidemark
