#pragma once

#include <sys/stat.h>

#include <filesystem>

namespace pipeline {

// Whose a file is, and who may read and write it: for a file that is put in its place. Root, who mends things by hand,
// must not leave files that the service can't write.
class Owner {
 public:
  // Of what is there; of a file that is not there yet, its folder's, and no rights of its own.
  explicit Owner(const std::filesystem::path& path);

  // As far as this process may.
  void give(const std::filesystem::path& path) const noexcept;

 private:
  struct stat status_ {};
  bool has_rights_ = false;
};

}  // namespace pipeline
