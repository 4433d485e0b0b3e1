// BarQuestions: parses the parameters of a call for bars, and builds the page that answers it.
//
// A page starts by binary search at its token, so the last page costs as much as the first. The token is the symbol and
// time of the next bar, which new bars do not affect.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/alpaca_server/history_view.h"
#include "io/alpaca_server/rest_api.h"

namespace tidemark {

enum class BarsOf : std::uint8_t { Stocks, Crypto };

class BarQuestions {
 public:
  BarQuestions(MarketTape& tape, const Faults& faults, EventTime now)
      : tape_(tape), history_(tape, faults, now), now_(now) {}

  RestReply bars(const RestRequest& request, BarsOf of) const;
  RestReply bars_of(const RestRequest& request, std::string_view symbol) const;
  RestReply latest(const RestRequest& request, BarsOf of) const;
  RestReply latest_of(std::string_view symbol) const;

 private:
  struct Question {
    SeriesQuestion series;
    std::size_t limit = 1'000;
    std::string first_symbol;  // of the page; earlier symbols are done
    std::optional<EventTime> first_time;
  };
  template <typename T>
  using Read = std::expected<T, std::string>;  // or what is wrong

  Read<Question> question(const RestRequest& request, DayStart day) const;
  Read<std::vector<std::string>> symbols(const RestRequest& request) const;
  std::optional<std::size_t> find(std::string_view name) const;
  // Appends bars. If the page is full, returns the token of the next page.
  std::optional<std::string> append_series(std::size_t symbol, const Question& question, std::size_t& room,
                                           std::string& out) const;

  MarketTape& tape_;
  HistoryView history_;
  EventTime now_;
};

}  // namespace tidemark
