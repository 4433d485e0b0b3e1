#include "io/disk/cure.h"

#include <cerrno>

namespace tidemark {

std::string_view cure_of(int system_error) {
  switch (system_error) {
    case ENOSPC:
      return "free some space there";
    case EDQUOT:
      return "free some space there, or raise this user's quota";
    case EFBIG:
      return "raise the limit of a file's size (ulimit -f)";
    case EROFS:
      return "mount it writable, or choose another data directory";
    case EACCES:
    case EPERM:
      return "give this user the right to write there";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    case ENOMEM:
      return "free some memory";
    case ENOENT:
      return "it does not exist, or not any more";
    case ENOTDIR:
    case EEXIST:
      return "something that is not a folder has this name: move it away";
    default:
      return "check that disk";
  }
}

bool is_want_of_room(int system_error) {
  switch (system_error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

}  // namespace tidemark
