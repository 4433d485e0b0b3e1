#include "app/live/symbol_control.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "app/config/feed_spec.h"
#include "app/data_dir/chosen_symbols.h"

namespace tidemark {
namespace {

constexpr std::string_view path = "/api/v1/symbols/chosen";

}  // namespace

SymbolControl::SymbolControl(const RunOptions& options, MainThreadQueue& queue, Journal& journal)
    : options_(options), main_thread_(queue), journal_(journal) {
  report_.feed = options.feed->name;
}

Result<SymbolList> SymbolControl::open() {
  set_up_ = set_up_symbols(options_);
  auto chosen = chosen_symbols(options_.data);
  if (!chosen) return std::unexpected(chosen.error());
  const std::string file = (options_.data / chosen_symbols_name).string();
  if (*chosen && why_not_chosen(*options_.feed)) {
    journal_.info("symbols.not_used", {{"file", file}, {"feed", report_.feed}});
    return set_up_;
  }
  const std::lock_guard lock(mutex_);
  report_.chosen = chosen->has_value();
  report_.symbols = report_.chosen ? std::move(**chosen) : set_up_;
  if (report_.chosen)
    journal_.info("symbols.chosen", {{"file", file},
                                     {"count", std::to_string(report_.symbols.size())},
                                     {"symbols", shown_symbols(report_.symbols)}});
  return report_.symbols;
}

void SymbolControl::attach(FeedSymbols* feed) {
  const std::lock_guard lock(mutex_);
  feed_ = feed;
}

bool SymbolControl::is_chosen() const {
  const std::lock_guard lock(mutex_);
  return report_.chosen;
}

Endpoint SymbolControl::act() {
  const auto ask = [this](const Request& request, const Reply& reply) -> std::unique_ptr<Ticket> {
    auto change = read_change(request.body);
    if (auto refusal = why_not())
      reply(std::move(*refusal));
    else if (!change)
      reply(error_response(400, "", change.error().message()));
    else if (!main_thread_.put([this, change = std::move(*change), reply] { this->change(change, reply); }))
      reply(error_response(503, "", "the run is about to end"));
    return nullptr;
  };
  return {.path = std::string(path), .act = ask, .show = [this](const Request& request) { return show(request); }};
}

Response SymbolControl::show(const Request& request) const {
  for (const auto& [name, value] : request.parameters)
    if (name != "token") return error_response(400, name, "unknown parameter");
  if (auto refusal = why_not()) return std::move(*refusal);
  const std::lock_guard lock(mutex_);
  return json_response(write_report(report_));
}

std::optional<Response> SymbolControl::why_not() const {
  if (const auto why = why_not_chosen(*options_.feed)) return error_response(409, "", why->message());
  const std::lock_guard lock(mutex_);
  if (feed_ == nullptr) return error_response(503, "", "the run has just started; try again in a moment");
  return std::nullopt;
}

void SymbolControl::change(const SymbolChange& change, const Reply& reply) {
  auto changed = carry_out(change);
  if (changed) return reply(json_response(write_report(*changed)));
  const bool is_wrong = changed.error().is_setup();
  if (!is_wrong) journal_.error("symbols.not_changed", {{"error", changed.error().message()}});
  reply(error_response(is_wrong ? 400 : 503, "", changed.error().message()));
}

// The choice is durable before the feed gets it, so a bar of a new symbol is never in the log without the choice.
Result<SymbolReport> SymbolControl::carry_out(const SymbolChange& change) {
  using Kind = SymbolChange::Kind;
  SymbolReport next;
  {
    const std::lock_guard lock(mutex_);
    next = report_;
  }
  auto changed = change_symbols(next.symbols, set_up_, change);
  if (!changed) return std::unexpected(changed.error());
  const bool replaces_list = change.kind == Kind::Set || change.kind == Kind::Reset;
  next.told = std::move(changed->told);
  if (!replaces_list && changed->symbols == next.symbols) return next;
  next.symbols = std::move(changed->symbols);
  next.chosen = change.kind != Kind::Reset;
  const auto durable = choose_symbols(options_.data, next.chosen ? std::optional(next.symbols) : std::nullopt);
  if (!durable) return std::unexpected(durable.error());
  const std::lock_guard lock(mutex_);
  feed_->bring(next.symbols);
  report_ = next;
  report_.told.clear();
  journal_.info("symbols.changed", {{"by", std::string(to_string(change.kind))},
                                    {"count", std::to_string(next.symbols.size())},
                                    {"symbols", shown_symbols(next.symbols)}});
  return next;
}

}  // namespace tidemark
