#include "io/alpaca/stream_fault.h"

#include <fmt/format.h>

namespace tidemark {

StreamFault stream_fault(int code, std::string_view message, std::string_view feed) {
  const auto said = [&](std::string_view sentence) {
    return message.empty() ? fmt::format("{} (error {})", sentence, code)
                           : fmt::format("{} (error {}: {})", sentence, code, message);
  };
  switch (code) {
    case 402:
      return {StreamCure::GiveUp, said("Alpaca knows no such key; look at ALPACA_API_KEY and ALPACA_API_SECRET: both "
                                       "come from the same account, and a new secret makes the old one void")};
    case 405:
      return {StreamCure::KeepWhatThereIs,
              said("these are more symbols than the plan streams (30 on the free one); the subscription stays as it "
                   "was, so choose fewer: SYMBOLS, or tidemark symbols remove")};
    case 406:
      return {StreamCure::AskAgain,
              said("another program is connected with these keys, and the plan allows one connection; end that one, "
                   "or run both over Kafka from one ingest")};
    case 407:
      return {StreamCure::Reconnect, said("the server dropped us because we read too slowly; what was missed is "
                                          "fetched")};
    case 408:
      return {StreamCure::GiveUp,
              said("this account may not use version 2 of the stream; Alpaca's support enables it")};
    case 409:
      return {StreamCure::GiveUp, said(fmt::format("the plan does not include the feed {}; set alpaca-feed to iex, "
                                                   "which every plan has, or subscribe to the other one",
                                                   feed))};
    case 411:
      return {StreamCure::GiveUp, said("the plan does not include this channel; use another plan or another "
                                       "alpaca-feed")};
    case 403:  // we are already
      return {StreamCure::KeepWhatThereIs, said("the server says that we are signed in already")};
    case 404:
      return {StreamCure::Reconnect, said("signing in took too long; connecting again")};
    case 400:
    case 401:
    case 410:
      return {StreamCure::Reconnect, said("the server did not understand what we asked for; connecting again")};
    default:
      return {StreamCure::Reconnect, said("the server has a fault of its own; connecting again")};
  }
}

}  // namespace tidemark
