// LimitedClient: GETs in their turn under a server's limit of calls, and what its answers say of limit and time.
//
// The limit is that of the last answer's headers (X-RateLimit-*, Retry-After); call_limit.h says when the next call may go.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "core/result.h"
#include "io/net/call_limit.h"
#include "io/net/https_client.h"
#include "io/observe/boot_clock.h"
#include "run/live_feed/history_pages.h"

namespace tidemark {

class LimitedClient {
 public:
  // `supposed`: calls a minute, as long as no header says another limit; none: there is none then.
  LimitedClient(std::unique_ptr<HttpsClient> client, std::optional<std::int64_t> supposed);

  // Any answer but 429, which is asked again. One thread at a time. Waits for its turn, and not once a stop is asked for.
  Result<RestAnswer> get(const std::string& target, std::span<const SecretHeader> headers, const std::stop_token& stop);

  // From any thread, as what follows. A failure is an answer that brought nothing of use; get() counts those without one.
  void count_failure();
  CallBudget budget() const;
  std::optional<ServerDate> server_date() const;
  // What an earlier process knew when it ended: its calls count, too, and one that it may not have lived to see.
  void remember(const CallBudget& budget);

 private:
  void note_date(const RestAnswer& answer, EventTime asked);
  Result<void> wait_for_turn(const std::stop_token& stop);

  std::unique_ptr<HttpsClient> client_;
  mutable std::mutex mutex_;  // over what follows
  CallLimit limit_;
  CallBudget budget_;
  std::optional<ServerDate> date_;
  BootClock boot_clock_;
};

}  // namespace tidemark
