#include "app/history/backfill_spool.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "io/disk/small_file.h"
#include "io/net/json_value.h"

namespace tidemark {
namespace {

struct PageName {
  std::size_t page = 0, request = 0;
};
std::optional<PageName> parse_name(std::string_view name) {
  constexpr std::string_view ending = ".json";
  if (!name.ends_with(ending)) return std::nullopt;
  name.remove_suffix(ending.size());
  PageName parsed;
  const char* const end = name.data() + name.size();
  const auto page = std::from_chars(name.data(), end, parsed.page);
  if (page.ec != std::errc{} || page.ptr == end || *page.ptr != '-') return std::nullopt;
  const auto request = std::from_chars(page.ptr + 1, end, parsed.request);
  if (request.ec != std::errc{} || request.ptr != end) return std::nullopt;
  return parsed;
}

}  // namespace

std::string BackfillSpool::path_of(std::size_t page, std::size_t request) const {
  return fmt::format("{}/{:06}-{:04}.json", folder_, page, request);
}

Result<BackfillSpool> BackfillSpool::open(Disk& disk, const std::filesystem::path& data, const BackfillPlan& plan) {
  BackfillSpool spool(disk, (data / "backfill" / plan.name).string(), plan);
  if (auto made = disk.make_folder(spool.folder_); !made) return std::unexpected(made.error());
  auto lock = disk.lock(spool.folder_ + "/.lock", Disk::Wait::No);
  if (!lock) return std::unexpected(Error::setup("the same backfill is at work: " + lock.error().message()));
  spool.lock_ = std::move(*lock);
  if (auto same = spool.check_plan(); !same) return std::unexpected(same.error());
  if (auto read = spool.read_pages(); !read) return std::unexpected(read.error());
  return spool;
}

Result<void> BackfillSpool::check_plan() const {
  const std::string path = folder_ + "/plan.json";
  const auto found = read_small_file(path);
  if (!found) return std::unexpected(found.error());
  if (!*found) return replace_small_file(path, plan_->text + '\n', 0600);
  if (**found == plan_->text + '\n') return {};
  return std::unexpected(Error::setup(fmt::format("{} is that of another backfill; remove its folder", path)));
}

Result<void> BackfillSpool::read_pages() {
  const auto names = disk_->list(folder_);
  if (!names) return std::unexpected(names.error());
  BarText text("");
  bool goes_on = true;
  for (const std::string& name : *names) {
    const std::string path = folder_ + '/' + name;
    const auto parsed = parse_name(name);
    if (!parsed) {
      if (name.ends_with(".writing"))
        if (auto removed = disk_->remove(path); !removed) return removed;
      continue;
    }
    goes_on = goes_on && parsed->page == pages_.size() && next() && parsed->request == next_request();
    if (goes_on) {
      const auto page = read_small_file(path, most_page_bytes);
      if (!page) return std::unexpected(page.error());
      auto facts = text.glance(page->value_or(""));
      goes_on = facts.has_value();
      if (goes_on) pages_.push_back({path, parsed->request, std::move(*facts)});
    }
    if (!goes_on)
      if (auto removed = disk_->remove(path); !removed) return removed;
  }
  kept_ = pages_.size();
  return {};
}

std::size_t BackfillSpool::bars() const {
  std::size_t bars = 0;
  for (const Page& page : pages_) bars += page.facts.bars;
  return bars;
}

std::size_t BackfillSpool::next_request() const {
  if (pages_.empty()) return 0;
  return pages_.back().request + (pages_.back().facts.next.empty() ? 1 : 0);
}

std::optional<BarsRequest> BackfillSpool::next() const {
  const std::size_t number = next_request();
  if (number == plan_->requests.size()) return std::nullopt;
  BarsRequest request = plan_->requests[number];
  if (!pages_.empty()) request.page = pages_.back().facts.next;
  return request;
}

double BackfillSpool::share_done() const {
  return pages_.empty() ? 0 : plan_->share_done(pages_.back().request, pages_.back().facts);
}

Result<void> BackfillSpool::add(const HistoryText& page, Calls calls) {
  const std::size_t request = next_request();
  const std::string path = path_of(pages_.size(), request), hidden = path + ".writing";
  auto file = disk_->create(hidden);
  if (!file) return std::unexpected(file.error());
  if (auto written = (*file)->append(page.json); !written) return written;
  if (calls == Calls::Counted)
    if (auto synced = (*file)->sync(); !synced) return synced;
  file->reset();
  if (auto renamed = disk_->rename(hidden, path); !renamed) return renamed;
  if (calls == Calls::Counted)
    if (auto synced = disk_->sync_folder(folder_); !synced) return synced;
  pages_.push_back({path, request, page.facts});
  return {};
}

// Removes from the end, so that a kill leaves all pages up to some page.
Result<std::size_t> BackfillSpool::forget_pages(std::size_t but_the_first) {
  const std::size_t before = pages_.size();
  while (pages_.size() > but_the_first) {
    if (auto removed = disk_->remove(pages_.back().path); !removed) return std::unexpected(removed.error());
    pages_.pop_back();
  }
  const std::size_t kept_before = std::exchange(kept_, std::min(kept_, pages_.size()));
  return (before - pages_.size()) - (kept_before - kept_);
}

Result<std::size_t> BackfillSpool::begin_request_anew() {
  const std::size_t request = next_request();
  const auto first = std::ranges::find(pages_, request, &Page::request);
  return forget_pages(static_cast<std::size_t>(first - pages_.begin()));
}

Result<std::size_t> BackfillSpool::forget_last_page() { return forget_pages(pages_.size() - 1); }

std::optional<CallBudget> BackfillSpool::budget() const {
  const auto text = read_small_file(folder_ + "/calls.json");
  if (!text || !*text) return std::nullopt;
  const auto json = parse_json(**text);
  if (!json) return std::nullopt;
  const auto limit = json->integer_of("limit"), remaining = json->integer_of("remaining"),
             reset = json->integer_of("reset");
  if (!limit || !remaining || !reset) return std::nullopt;
  CallBudget budget;
  budget.limit = *limit;
  budget.remaining = *remaining;
  budget.reset = *reset;
  return budget;
}

Result<void> BackfillSpool::keep_budget(const CallBudget& budget) {
  return replace_small_file(
      folder_ + "/calls.json",
      fmt::format(R"({{"limit":{},"remaining":{},"reset":{}}})", budget.limit, budget.remaining, budget.reset) + '\n',
      0600);
}

Result<void> BackfillSpool::remove() {
  if (auto removed = disk_->remove_folder(folder_); !removed) return removed;
  std::error_code not_empty;
  std::filesystem::remove(std::filesystem::path(folder_).parent_path(), not_empty);
  return {};
}

}  // namespace tidemark
