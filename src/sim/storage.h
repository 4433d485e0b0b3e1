// Storage: files and folders in memory, and what a power cut leaves of them.
//
//     write ─▶ [what processes see] ─ sync ─▶ [what is durable]
//
// A power cut keeps all that was synced, and of the rest any part: of a write any of its sectors of 512 bytes, of the
// names any of the changes (each one whole: a rename is done or not), in any order. A file's bytes are synced with the
// file, a change of names with the folders in which it gave one: a rename with the folder that it led to.
//
// What was synced may rot: a bit falls over, and stays so. A storage that is told to remembers what its sectors held before
// they were synced last, for reads that come too late.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/simulator/random.h"

namespace tidemark::sim {

inline constexpr std::size_t sector_size = 512;

// "/data/log.db" → "/data", "/data" → "/".
inline std::string folder_above(const std::string& path) {
  return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
}

class Storage {
 public:
  struct Node;
  using NodeRef = std::shared_ptr<Node>;

  // A file or a folder. It lives on without a name while somebody holds it.
  struct Node {
    struct Write {
      std::size_t offset;  // of a write; of a truncation, the new size
      std::string bytes;
      bool is_truncation;
    };
    bool is_folder = false;
    std::string bytes, durable;  // of a file
    std::vector<Write> unsynced;
    bool remembers = false;
    std::map<std::size_t, std::string> former = {};  // by sector: what it held before the last sync that changed it
    std::map<std::string, NodeRef> names, durable_names;      // of a folder
    std::map<std::string, std::uint64_t> durable_since = {};  // which change a durable name is of
  };

  Storage() : root_(std::make_shared<Node>(Node{.is_folder = true})) {}

  // None when nothing has this name. Paths begin with "/".
  NodeRef find(std::string_view path) const;
  std::vector<std::string> list(std::string_view folder) const;  // sorted

  // Each is one change of names, whole or not at all. The folders above exist.
  NodeRef make(std::string_view path, bool is_folder);  // replaces a file
  void rename(std::string_view from, std::string_view to);
  void exchange(std::string_view one, std::string_view other);
  void link(std::string_view from, std::string_view to);
  void remove(std::string_view path);
  void sync_names(const NodeRef& folder);

  static void write(Node& file, std::size_t offset, std::string_view bytes);
  static void truncate(Node& file, std::size_t size);
  static void sync(Node& file);

  // Files that are made from now on remember what their sectors held before.
  void remember() { remembers_ = true; }
  // What a read of [offset, offset + bytes.size()) gives where the sectors are those from before; whether any was.
  static bool read_former(const Node& file, std::size_t offset, std::span<char> bytes);
  // A bit of what was synced falls over. Says where; nothing when nothing was synced yet.
  std::string flip_a_bit(Random& random);

  // What a failed sync leaves: the kernel tries again, or has forgotten what was to be written, and then keeps showing
  // it or shows again what is on the disk.
  enum class AfterFailure : std::uint8_t { StillDirty, Forgotten, ReadAgain };
  static void fail_sync(Node& file, AfterFailure after, Random& random);

  // What the power cuts so far did to what was not synced.
  struct Cuts {
    std::int64_t kept = 0, torn = 0, lost = 0;  // writes: whole, some of their sectors, none
    std::int64_t reordered = 0;                 // kept, though an earlier one to the same file was not
    std::int64_t names_kept = 0, names_lost = 0;
  };

  // Who held a node holds nothing any more.
  void cut_power(Random& random);
  const Cuts& cuts() const { return cuts_; }

 private:
  struct Name {
    NodeRef folder;
    std::string name;
  };
  struct Assignment {
    Name at;
    NodeRef node;  // none: the name goes away
    bool is_synced = false;
  };
  struct Change {
    std::uint64_t number;
    std::vector<Assignment> assignments;
  };

  Name name_of(std::string_view path) const;
  NodeRef at(const Name& name) const;
  void change(std::vector<Assignment> assignments);
  static void make_durable(const Change& change);

  static void remember_former(Node& file, const Node::Write& write);

  NodeRef root_;
  bool remembers_ = false;
  Cuts cuts_;
  std::uint64_t changes_ = 0;
  std::vector<Change> unsynced_;
};

}  // namespace tidemark::sim
