#pragma once

#include "pipeline/base/task_pool.h"
#include "pipeline/package/package.h"
#include "pipeline/package/post.h"

#include "package_metrics.h"
#include "post_memory.h"
#include "post_packer.h"
#include "turns.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::package {

// The posts of a stage, which the store's round hands out by their names.
struct StagePosts {
  std::int64_t count = 0;                                                             // as many are handed out at most
  std::function<std::optional<std::filesystem::path>(const std::string& name)> find;  // absent: it is not there
};

// Builds posts for one run, many side by side. Posts are read, checked and compared with what was built before one at a
// time, in their order, under a lock, which the database needs anyway; they are packed outside of it, and put on the
// disk while the next ones are packed.
class PostBuilder {
 public:
  using Names = std::map<std::string, std::string>;  // folders of posts, by content_id
  enum class Litter { cleared, left };
  // Makes the output folder, and clears it of what a killed run left, which with several workers may be what another
  // one is writing. `names` are taken, also those of posts that are not built in this run.
  PostBuilder(const Options& options, const Services& services, store::Rounds& rounds, Litter litter, Names names = {});

  // `on_result` gets each post's result as it is done, one at a time, with the post's place. A post that an
  // interruption ended, or kept from beginning, has none. Throws Error when the database fails. `changes` are looked
  // for in the words of the posts: they were written before. Returns whether any post was to be had.
  using OnResult = std::function<void(std::int64_t place, Result)>;
  bool build(const StagePosts& posts, const Changes& changes, const OnResult& on_result);

 private:
  struct Job;
  [[nodiscard]] TaskPool::Task build_next(const StagePosts& posts, const OnResult& on_result);
  [[nodiscard]] std::shared_ptr<Job> next_changed(std::optional<store::RoundPost> taken, const StagePosts& posts,
                                                  const OnResult& on_result);
  [[nodiscard]] std::shared_ptr<Job> begin(const store::RoundPost& taken, const StagePosts& posts);
  void give_back(Job& job);
  void prepare(Job& job);
  void take_name(Job& job);
  void name_unread(Job& job);
  [[nodiscard]] bool is_elsewhere(const std::string& name, const std::string& folder);
  [[nodiscard]] std::string last_known_in(const std::string& folder);
  void look_up_products(Job& job);
  void recall(Job& job, const PostReading& reading);
  [[nodiscard]] bool is_unchanged(Job& job);
  void pack(Job& job);
  void pack_post(Job& job);
  void end(Job& job, const OnResult& on_result);
  void settle(Job& job);
  static void fail(Job& job, std::string why);
  void report(Job& job, const OnResult& on_result);
  void record(Job& job);
  void note_post(Job& job);
  void finish(Job& job);
  [[nodiscard]] PackagePaths paths_of(const std::string& content_id) const;

  const Options& options_;
  const Services& services_;
  TaskPool pool_;
  PackageMetrics metrics_;

  std::mutex mutex_;  // for all below
  store::Catalogue& catalogue_;
  store::Packages& packages_;
  store::Rounds& rounds_;
  Turns turns_;
  const Changes* changes_ = nullptr;  // of the posts that are being built
  bool is_empty_ = false;             // nothing more is to be had
  std::size_t begun_ = 0;
  std::size_t most_images_ = 0;  // of a post that was packed
  Names folders_;
  std::multimap<std::string, std::string> known_in_;  // the content_ids that are known of a folder
};

}  // namespace pipeline::package
