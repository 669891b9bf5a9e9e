#pragma once

#include "pipeline/base/failure.h"
#include "pipeline/base/task_pool.h"
#include "pipeline/package/package.h"
#include "pipeline/package/post.h"

#include "package_metrics.h"
#include "packed_pictures.h"
#include "post_memory.h"
#include "post_packer.h"
#include "turns.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::package {

// Builds posts for one run, many side by side. Posts are read, checked and compared with what was built before one at a
// time, in their order, under a lock, which the database needs anyway; they are packed outside of it, and put on the
// disk while the next ones are packed.
class PostBuilder {
 public:
  using Names = std::map<std::string, std::string>;  // folders of posts, by content_id
  // Makes the output folder, and clears it of what a killed run left. `names` are taken, also those of posts that are
  // not built in this run.
  PostBuilder(const Options& options, const Services& services, Names names = {});

  // `on_result` gets each post's result as it is done, one at a time, with the post's number. A post that an
  // interruption ended, or kept from beginning, has none. Throws Error when the database fails.
  using OnResult = std::function<void(std::size_t number, Result)>;
  // `changes` are looked for in the words of the posts: they were written before.
  void build(const std::vector<std::filesystem::path>& posts, const Changes& changes, const OnResult& on_result);

 private:
  struct Job;
  [[nodiscard]] TaskPool::Task build_next(const std::vector<std::filesystem::path>& posts, Turns& turns,
                                          const OnResult& on_result);
  [[nodiscard]] std::shared_ptr<Job> next_changed(const std::vector<std::filesystem::path>& posts, Turns& turns,
                                                  const OnResult& on_result);
  void prepare(Job& job);
  void take_name(Job& job);
  void look_up_products(Job& job);
  void recall(Job& job, const PostReading& reading);
  [[nodiscard]] bool is_unchanged(Job& job);
  void pack(Job& job);
  void pack_post(Job& job);
  void end(Job& job, const OnResult& on_result);
  void settle(Job& job);
  static void fail(Job& job, const Failure& failure);
  void report(Job& job, const OnResult& on_result);
  void record(Job& job);
  void note_post(Job& job);
  void finish(Job& job);
  [[nodiscard]] PackagePaths paths_of(const std::string& content_id) const;

  const Options& options_;
  const Services& services_;
  TaskPool pool_;
  PackageMetrics metrics_;

  std::mutex mutex_;  // for all below, but `packed_`, which belongs to the post whose turn it is
  store::Catalogue& catalogue_;
  store::Packages& packages_;
  const Changes* changes_ = nullptr;  // of the posts that are being built
  std::size_t next_ = 0;
  std::size_t most_images_ = 0;  // of a post that was packed
  Names folders_;
  PackedPictures packed_;
};

}  // namespace pipeline::package
