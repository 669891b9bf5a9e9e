#include "pipeline/base/owner.h"

#include "pipeline/base/folder.h"

#include <unistd.h>

namespace pipeline {

Owner::Owner(const std::filesystem::path& path) : has_rights_(::stat(path.c_str(), &status_) == 0) {
  if (!has_rights_ && ::stat(folder_of(path).c_str(), &status_) != 0) status_.st_uid = ::geteuid();
}

// A process that is not root keeps its files: changing their owner is refused, and need not be.
void Owner::give(const std::filesystem::path& path) const noexcept {
  if (::geteuid() == 0 && ::chown(path.c_str(), status_.st_uid, status_.st_gid) != 0) return;
  constexpr mode_t kRights = 0777;
  if (has_rights_) (void)::chmod(path.c_str(), status_.st_mode & kRights);
}

}  // namespace pipeline
