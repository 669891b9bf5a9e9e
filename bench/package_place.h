#pragma once

#include "pipeline_run.h"
#include "upsert_place.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// A folder of posts, a database with their products, and the executable's packages of them.
class PackagePlace {
 public:
  explicit PackagePlace(const std::string& executable = test::pipeline_binary(), std::int64_t products = 1);

  // A post with these pictures and videos, which are linked, not copied, about one of the products.
  void add_post(const std::string& content_id, const std::vector<std::filesystem::path>& pictures,
                const std::vector<std::filesystem::path>& videos = {}, std::int64_t product = 0) const;
  // The products have another price from now on, by the version's number.
  void change(const std::vector<std::int64_t>& products, int version) const;

  // All posts. Throws, with what the executable said, unless each was built or is unchanged.
  Run package(const std::vector<std::string>& arguments = {}) const;
  // The same by the queue.
  Run package_queue(const std::vector<std::string>& arguments = {}) const;

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return place_.folder(); }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return place_ / name; }

 private:
  [[nodiscard]] std::filesystem::path posts() const { return place_ / "posts"; }
  Run run(std::vector<std::string> arguments, const std::vector<std::string>& more) const;

  UpsertPlace place_;
};

// The way of the program before this one: package_predecessor.py on one post folder. Gives the seconds it took, without
// the start of Python.
[[nodiscard]] double run_package_predecessor(const PackagePlace& place, const std::string& content_id);

}  // namespace pipeline::bench
