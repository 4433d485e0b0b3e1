#include "sim/storage.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace tidemark::sim {
namespace {

using Node = Storage::Node;

void put(std::string& bytes, const Node::Write& write) {
  if (write.is_truncation) {
    bytes.resize(write.offset);
    return;
  }
  if (bytes.size() < write.offset + write.bytes.size()) bytes.resize(write.offset + write.bytes.size());
  bytes.replace(write.offset, write.bytes.size(), write.bytes);
}

// How much of what was not synced is kept, in a thousand: often nothing or all of it.
std::int64_t draw_share(Random& random) {
  constexpr std::int64_t shares[] = {0, 0, 100, 500, 900, 1'000};
  return shares[random.between(0, 5)];
}
bool keeps(Random& random, std::int64_t share) { return random.between(0, 999) < share; }

// Which part of a write reaches the disk: any of its sectors, of a truncation all or nothing. Returns how many, of how many.
std::pair<std::size_t, std::size_t> write_some(Node& file, const Node::Write& write, std::int64_t share,
                                               Random& random) {
  std::size_t kept = 0, all = 0;
  const auto keep = [&](const Node::Write& part) {
    ++all;
    if (!keeps(random, share)) return;
    ++kept;
    put(file.durable, part);
  };
  if (write.is_truncation) keep(write);
  for (std::size_t done = 0; done < write.bytes.size();) {
    const std::size_t offset = write.offset + done;
    const std::size_t size = std::min(sector_size - offset % sector_size, write.bytes.size() - done);
    keep(Node::Write{offset, write.bytes.substr(done, size), false});
    done += size;
  }
  return {kept, all};
}

// What of the unsynced writes reaches the disk, in the order they were written.
void write_some(Node& file, Random& random, Storage::Cuts& cuts) {
  const std::int64_t share = draw_share(random);
  bool is_behind_a_gap = false;
  for (const Node::Write& write : file.unsynced) {
    const auto [kept, all] = write_some(file, write, share, random);
    ++(kept == all ? cuts.kept : kept == 0 ? cuts.lost : cuts.torn);
    if (kept > 0 && is_behind_a_gap) ++cuts.reordered;
    is_behind_a_gap = is_behind_a_gap || kept < all;
  }
  file.unsynced.clear();
}

}  // namespace

Storage::NodeRef Storage::find(std::string_view path) const {
  CHECK(path.starts_with('/'));
  NodeRef node = root_;
  while (!path.empty() && node) {
    path.remove_prefix(1);
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(name.size());
    if (name.empty()) continue;
    const auto found = node->names.find(std::string(name));
    node = found == node->names.end() ? nullptr : found->second;
  }
  return node;
}

std::vector<std::string> Storage::list(std::string_view folder) const {
  std::vector<std::string> names;
  if (const NodeRef node = find(folder))
    for (const auto& [name, child] : node->names) names.push_back(name);
  return names;
}

Storage::Name Storage::name_of(std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  Name name{find(path.substr(0, std::max<std::size_t>(slash, 1))), std::string(path.substr(slash + 1))};
  CHECK(name.folder && name.folder->is_folder);
  return name;
}

Storage::NodeRef Storage::at(const Name& name) const {
  const auto found = name.folder->names.find(name.name);
  return found == name.folder->names.end() ? nullptr : found->second;
}

void Storage::change(std::vector<Assignment> assignments) {
  for (const Assignment& assignment : assignments) {
    if (assignment.node)
      assignment.at.folder->names[assignment.at.name] = assignment.node;
    else
      assignment.at.folder->names.erase(assignment.at.name);
  }
  for (Assignment& assignment : assignments) assignment.is_synced = !assignment.node && assignments.size() > 1;
  unsynced_.push_back({++changes_, std::move(assignments)});
}

Storage::NodeRef Storage::make(std::string_view path, bool is_folder) {
  auto node = std::make_shared<Node>(Node{.is_folder = is_folder, .remembers = remembers_});
  change({{name_of(path), node}});
  return node;
}

void Storage::rename(std::string_view from, std::string_view to) {
  const Name old = name_of(from);
  change({{name_of(to), at(old)}, {old, nullptr}});
}

void Storage::exchange(std::string_view one, std::string_view other) {
  const Name first = name_of(one), second = name_of(other);
  change({{first, at(second)}, {second, at(first)}});
}

void Storage::link(std::string_view from, std::string_view to) { change({{name_of(to), find(from)}}); }

void Storage::remove(std::string_view path) { change({{name_of(path), nullptr}}); }

void Storage::make_durable(const Change& change) {
  for (const Assignment& assignment : change.assignments) {
    Node& folder = *assignment.at.folder;
    // What came later and was synced earlier stays.
    std::uint64_t& since = folder.durable_since[assignment.at.name];
    if (since > change.number) continue;
    since = change.number;
    if (assignment.node)
      folder.durable_names[assignment.at.name] = assignment.node;
    else
      folder.durable_names.erase(assignment.at.name);
  }
}

void Storage::sync_names(const NodeRef& folder) {
  for (Change& change : unsynced_)
    for (Assignment& assignment : change.assignments)
      if (assignment.at.folder == folder) assignment.is_synced = true;
  std::erase_if(unsynced_, [](const Change& change) {
    if (!std::ranges::all_of(change.assignments, &Assignment::is_synced)) return false;
    make_durable(change);
    return true;
  });
}

void Storage::write(Node& file, std::size_t offset, std::string_view bytes) {
  file.unsynced.push_back({offset, std::string(bytes), false});
  put(file.bytes, file.unsynced.back());
}

void Storage::truncate(Node& file, std::size_t size) {
  file.unsynced.push_back({size, {}, true});
  put(file.bytes, file.unsynced.back());
}

void Storage::sync(Node& file) {
  for (const Node::Write& write : file.unsynced) {
    if (file.remembers && !write.is_truncation) remember_former(file, write);
    put(file.durable, write);
  }
  file.unsynced.clear();
}

void Storage::remember_former(Node& file, const Node::Write& write) {
  const std::size_t end = std::min(write.offset + write.bytes.size(), file.durable.size());
  for (std::size_t sector = write.offset / sector_size; sector * sector_size < end; ++sector)
    file.former[sector] = file.durable.substr(sector * sector_size, sector_size);
}

bool Storage::read_former(const Node& file, std::size_t offset, std::span<char> bytes) {
  bool is_any = false;
  for (std::size_t at = offset; at < offset + bytes.size();) {
    const std::size_t within = at % sector_size;
    const std::size_t count = std::min(sector_size - within, offset + bytes.size() - at);
    if (const auto found = file.former.find(at / sector_size);
        found != file.former.end() && within < found->second.size()) {
      found->second.copy(bytes.data() + (at - offset), count, within);
      is_any = true;
    }
    at += count;
  }
  return is_any;
}

std::string Storage::flip_a_bit(Random& random) {
  std::vector<std::pair<std::string, Node*>> files, folders{{"", root_.get()}};
  while (!folders.empty()) {
    const auto [path, folder] = folders.back();
    folders.pop_back();
    for (const auto& [name, child] : folder->names) {
      if (child->is_folder)
        folders.emplace_back(path + "/" + name, child.get());
      else if (!child->durable.empty() && !child->bytes.empty())
        files.emplace_back(path + "/" + name, child.get());
    }
  }
  if (files.empty()) return {};
  const auto& [path, file] =
      files[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(files.size()) - 1))];
  const std::size_t most = std::min(file->durable.size(), file->bytes.size());
  std::size_t at = 0;
  for (int look = 0; look < 100 && (look == 0 || file->bytes[at] == '\0');
       ++look)  // most of a database's page is empty
    at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(most) - 1));
  const auto bit = static_cast<char>(1 << random.between(0, 7));
  file->durable[at] = static_cast<char>(file->durable[at] ^ bit);
  file->bytes[at] = static_cast<char>(file->bytes[at] ^ bit);
  return path + " at byte " + std::to_string(at);
}

void Storage::fail_sync(Node& file, AfterFailure after, Random& random) {
  if (after == AfterFailure::StillDirty) return;
  Cuts uncounted;  // the power is on
  write_some(file, random, uncounted);
  if (after == AfterFailure::ReadAgain) file.bytes = file.durable;
}

void Storage::cut_power(Random& random) {
  const std::int64_t share = draw_share(random);
  for (const Change& change : unsynced_) {
    const bool is_kept = keeps(random, share);
    ++(is_kept ? cuts_.names_kept : cuts_.names_lost);
    if (is_kept) make_durable(change);
  }
  unsynced_.clear();
  std::vector<Node*> pending{root_.get()};
  while (!pending.empty()) {
    Node& node = *pending.back();
    pending.pop_back();
    if (!node.is_folder) {
      write_some(node, random, cuts_);
      node.bytes = node.durable;
      continue;
    }
    node.names = node.durable_names;
    for (const auto& [name, child] : node.names) pending.push_back(child.get());
  }
}

}  // namespace tidemark::sim
