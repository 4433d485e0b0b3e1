// An account with Alpaca: which of its feeds is meant, where it is asked, and with which keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/net/secret.h"
#include "io/net/secret_mask.h"

namespace tidemark {

enum class AlpacaFeed : std::uint8_t {
  Iex,         // one exchange, in real time: the free plan
  Sip,         // all exchanges, in real time
  DelayedSip,  // all exchanges, fifteen minutes late
  Test,        // a made-up symbol, day and night, without history
  Crypto,      // day and night
};
std::string_view to_string(AlpacaFeed feed);  // as in the stream's address: "iex", "delayed_sip" …

// What its bars say in `feed`. Bars of one series come from one feed: volumes of IEX and SIP differ thirtyfold.
std::string_view series_of(AlpacaFeed feed);

// Whether a server is Alpaca's, whose market runs as the clock on the wall does.
bool is_alpacas_own(std::string_view url);

inline constexpr const char* ca_file_setting = "alpaca-ca-file";

struct AlpacaAccount {
  AlpacaFeed feed = AlpacaFeed::Iex;
  std::string data_url = "https://data.alpaca.markets";  // http:// and ws:// are for a server of one's own
  std::string stream_url = "wss://stream.data.alpaca.markets";
  std::string ca_file;  // certificates to trust, PEM; empty: those of the system
  // Handed to the servers above and to nobody else; in no message, no error, no journal.
  Secret key, secret;
};

// Covers both in what a server says.
SecretMask mask_of(const AlpacaAccount& account);

}  // namespace tidemark
