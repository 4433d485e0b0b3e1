#include "io/alpaca/account.h"

#include "core/check.h"

namespace tidemark {

std::string_view to_string(AlpacaFeed feed) {
  switch (feed) {
    case AlpacaFeed::Iex:
      return "iex";
    case AlpacaFeed::Sip:
      return "sip";
    case AlpacaFeed::DelayedSip:
      return "delayed_sip";
    case AlpacaFeed::Test:
      return "test";
    case AlpacaFeed::Crypto:
      return "crypto";
  }
  CHECK(!"a feed without a name");
}

bool is_alpacas_own(std::string_view url) { return url.ends_with(".alpaca.markets"); }

std::string_view series_of(AlpacaFeed feed) { return feed == AlpacaFeed::DelayedSip ? "sip" : to_string(feed); }

SecretMask mask_of(const AlpacaAccount& account) { return SecretMask({account.key.reveal(), account.secret.reveal()}); }

}  // namespace tidemark
