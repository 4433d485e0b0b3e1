#include "io/alpaca/account.h"

#include "core/enum_names.h"

namespace tidemark {

constexpr EnumNames<AlpacaFeed, 5> feed_names{"iex", "sip", "delayed_sip", "test", "crypto"};

std::string_view to_string(AlpacaFeed feed) { return feed_names[feed]; }

bool is_alpacas_own(std::string_view url) { return url.ends_with(".alpaca.markets"); }

std::string_view series_of(AlpacaFeed feed) { return feed == AlpacaFeed::DelayedSip ? "sip" : to_string(feed); }

SecretMask mask_of(const AlpacaAccount& account) { return SecretMask({account.key.reveal(), account.secret.reveal()}); }

}  // namespace tidemark
