#pragma once

#include "pipeline_run.h"
#include "upsert_place.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// A folder of posts, a database with their product, and the executable's packages of them.
class PackagePlace {
 public:
  explicit PackagePlace(const std::string& executable = test::pipeline_binary());

  // A post with these pictures and videos, which are linked, not copied.
  void add_post(const std::string& content_id, const std::vector<std::filesystem::path>& pictures,
                const std::vector<std::filesystem::path>& videos = {}) const;

  // All posts. Throws, with what the executable said, unless each was built or is unchanged.
  Run package(const std::vector<std::string>& arguments = {}) const;

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return place_.folder(); }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return place_ / name; }

 private:
  [[nodiscard]] std::filesystem::path posts() const { return place_ / "posts"; }

  UpsertPlace place_;
};

// The way of the program before this one: package_predecessor.py on one post folder. Gives the seconds it took, without
// the start of Python.
[[nodiscard]] double run_package_predecessor(const PackagePlace& place, const std::string& content_id);

}  // namespace pipeline::bench
