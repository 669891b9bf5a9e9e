#include "post_builder.h"

#include "pipeline/base/failure.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include "content_id.h"
#include "fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <utility>

namespace pipeline::package {
namespace {

constexpr int kMostLost = 3;  // workers

bool is_there(const std::filesystem::path& file, std::uint64_t size) {
  std::error_code missing;
  return std::filesystem::file_size(file, missing) == size && !missing;
}

// By which a post is called that does not say its name.
std::string id_of_folder(const std::string& folder) {
  return content_id_of_folder(from_anywhere(folder).filename().string());
}

void remove_package(const std::filesystem::path& file) {
  std::error_code failed;
  std::filesystem::remove(file, failed);
  if (failed)
    throw Error(fmt::format("cannot remove {}, the package of a post that was rejected: {}: remove it by hand",
                            file.string(), failed.message()));
}

// What is wrong with the product an author names; empty: nothing.
std::string objection(const std::vector<store::FoundProduct>& found, const std::string& name) {
  if (found.empty())
    return fmt::format("no product has the SKU or seller code {}: sync the store, or mend the post", name);
  if (found.size() > 1) {
    std::string names;
    for (const auto& one : found) names += (names.empty() ? "" : ", ") + one.name;
    return found.front().product.sku == name
               ? fmt::format("{} sources have the SKU {}: name one with its source ({})", found.size(), name, names)
               : fmt::format("{} products share the seller code {}: name one by its SKU ({})", found.size(), name,
                             names);
  }
  if (found.front().removed_at)
    return fmt::format("product {} was removed from the store on {}: take the post down, or name another product", name,
                       format_kst_date(*found.front().removed_at));
  return {};
}

std::string place_of_sku(const Post& post, std::size_t index) {
  return post.skus.size() == 1 ? "$.sku" : fmt::format("$.skus[{}]", index);
}

std::string why_not_built(const Result& result) {
  if (result.status == Status::built || result.status == Status::unchanged) return {};
  return fmt::format("post {} {}: {}", result.content_id, to_string(result.status), fmt::join(result.reasons, "; "));
}

// On one line, whatever a library has said.
std::string to_text(const Fault& fault) {
  std::string text = fault.place.empty() ? fault.what : fmt::format("{}: {}", fault.place, fault.what);
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

// One post on its way.
struct PostBuilder::Job {
  Job(Turns& turns, const store::RoundPost& taken) : turn(turns, taken) {}

  Turn turn;
  SteadyTime started{};
  bool is_settled = false;   // nothing is to be packed
  std::optional<Post> post;  // absent: it can't be read
  bool owns_name = false;    // its content_id is known, and no other post's
  std::string noted_as;      // the content_id by which it is remembered; empty: it is not
  std::vector<catalogue::Product> products;
  std::optional<LiveValues> values;         // of a post that could be read
  std::optional<store::PostRecord> known;   // of a post that owns its name: as it was before this run
  std::optional<store::PostRecord> record;  // and as it is now
  Fingerprint fingerprint{};
  std::vector<Fault> faults;
  std::optional<PostPacker> packer;  // of a post that could be read
  Result result;
};

PostBuilder::PostBuilder(const Options& options, const Services& services, store::Rounds& rounds, Litter litter,
                         Names names)
    : options_(options),
      services_(services),
      pool_(options.jobs),
      metrics_(services.metrics),
      catalogue_(*services.store.catalogue),
      packages_(*services.store.packages),
      rounds_(rounds),
      turns_(pool_, rounds, mutex_, services.interrupted),
      folders_(std::move(names)) {
  if (options.check_products)
    packages_.each_post_folder([&](std::string_view id, std::string_view folder) { known_in_.emplace(folder, id); });
  if (options.check) return;
  const auto out = make_folder(options.out, "the output folder", ": choose another with --out");
  if (litter == Litter::cleared) archive::remove_litter(out);
}

bool PostBuilder::build(const StagePosts& posts, const Changes& changes, const OnResult& on_result) {
  changes_ = &changes;
  is_empty_ = false;
  begun_ = 0;
  pool_.run_with_tails(static_cast<std::size_t>(posts.count),
                       [&](std::size_t) { return build_next(posts, on_result); });
  return begun_ > 0;
}

// What is left when the archives are filled waits for the disk more than it works: the next post may begin.
TaskPool::Task PostBuilder::build_next(const StagePosts& posts, const OnResult& on_result) {
  std::unique_lock lock(mutex_);
  std::optional<store::RoundPost> taken;
  while (const auto job = next_changed(std::exchange(taken, std::nullopt), posts, on_result)) {
    lock.unlock();
    try {
      if (!job->is_settled) pack(*job);
    } catch (const Interrupted&) {
      lock.lock();
      give_back(*job);
      return {};
    } catch (const TakenInstead& other) {
      taken = other.post;
      lock.lock();
      continue;
    } catch (const BrokenStore& broken) {
      std::rethrow_exception(broken.why);
    }
    job->turn.end();
    return [this, job, &on_result] { end(*job, on_result); };
  }
  return {};
}

// Posts that are unchanged are done with on the way: threads that took them by turns would wait for each other. Begins
// with the one that is taken already, if there is one.
std::shared_ptr<PostBuilder::Job> PostBuilder::next_changed(std::optional<store::RoundPost> taken,
                                                            const StagePosts& posts, const OnResult& on_result) {
  for (;; taken.reset()) {
    if (!taken) {
      if (services_.interrupted() != 0 || is_empty_) return nullptr;
      taken = rounds_.take();
      is_empty_ = !taken;
      if (!taken) return nullptr;
    }
    auto job = begin(*taken, posts);
    if (job->result.status != Status::unchanged) return job;
    job->turn.end();
    report(*job, on_result);
  }
}

std::shared_ptr<PostBuilder::Job> PostBuilder::begin(const store::RoundPost& taken, const StagePosts& posts) {
  ++begun_;
  const auto job = std::make_shared<Job>(turns_, taken);
  job->started = services_.clock.now();
  job->result.folder = taken.folder;
  const auto folder = posts.find(taken.folder);
  if (!folder) {
    job->result.content_id = taken.folder;
    fail(*job, "this worker does not find its folder, which another has found: give --posts the same folder on all");
    return job;
  }
  job->result.folder = folder->string();
  prepare(*job);
  if (taken.lost >= kMostLost)
    fail(*job, fmt::format("{} workers ended without a word while they built it: look into their logs", taken.lost));
  return job;
}

// Its worker goes, and says so as far as it can: if not, the others find out.
void PostBuilder::give_back(Job& job) {
  try {
    job.turn.give_back();
  } catch (const Error& error) {
    log::warn("package: {}", error.what());
  }
}

void PostBuilder::end(Job& job, const OnResult& on_result) {
  bool was_interrupted = false;
  try {
    settle(job);
  } catch (const Interrupted&) {
    was_interrupted = true;
  }
  const std::lock_guard lock(mutex_);
  if (was_interrupted) return give_back(job);
  report(job, on_result);
}

void PostBuilder::report(Job& job, const OnResult& on_result) {
  for (const Fault& fault : job.faults) job.result.reasons.push_back(to_text(fault));
  record(job);
  finish(job);
  job.turn.finish(why_not_built(job.result));
  on_result(job.turn.place(), std::move(job.result));
}

// Leaves a post that can be packed, one that is unchanged, or faults.
void PostBuilder::prepare(Job& job) {
  Result& result = job.result;
  PostReading reading = read_post(result.folder);
  job.post = std::move(reading.post);
  job.faults = std::move(reading.faults);
  result.notes = std::move(reading.notes);
  result.skus = reading.skus;
  result.content_id = reading.content_id;
  if (reading.has_content_id)
    take_name(job);
  else
    name_unread(job);
  if (job.post) look_up_products(job);
  recall(job, reading);
  if (!job.post) return;
  job.fingerprint = fingerprint_of(*job.post, job.products, options_);
  const bool complete = job.products.size() == job.post->skus.size();
  job.values.emplace(complete ? job.products : std::span<const catalogue::Product>(), job.post->skus);
  job.values->fill(*job.post, job.faults);
  if (job.record) job.record->title = job.post->title;
  if (!job.faults.empty() || options_.force || options_.check || !is_unchanged(job)) return;
  result.status = Status::unchanged;
  job.is_settled = true;
  result.notes.clear();  // they were told when it was built
}

// What is known of the post, and what of its words is stale: told by the author's own text, without values.
void PostBuilder::recall(Job& job, const PostReading& reading) {
  if (job.noted_as.empty() || !options_.check_products) return;
  job.known = packages_.find_post(job.noted_as);
  job.record = job.post && job.owns_name
                   ? remember(*job.post, job.products, job.known, *changes_, services_.clock.wall())
                   : remember(job.noted_as, reading.skus, job.result.folder, job.known);
  job.result.stale = job.record->stale;
}

// Of two posts with one name the first has it. The other is noted by its folder, so that it is not forgotten.
void PostBuilder::take_name(Job& job) {
  const Result& result = job.result;
  const std::string& owner = folders_.emplace(result.content_id, result.folder).first->second;
  job.owns_name = owner == result.folder;
  if (job.owns_name) {
    job.noted_as = result.content_id;
    return;
  }
  job.faults.push_back({"$.content_id", fmt::format("{} is the content_id of {}, too: give each post its own",
                                                    result.content_id, owner)});
  const std::string spare = id_of_folder(result.folder);
  if (folders_.emplace(spare, result.folder).first->second == result.folder) job.noted_as = spare;
}

// A post.json that can't be read is that of the post which was known in its folder, else of one named like the folder:
// it is to be mended like any other, and told until it is. It takes no name that a post in another folder has.
void PostBuilder::name_unread(Job& job) {
  Result& result = job.result;
  for (const std::string& name : {last_known_in(result.folder), id_of_folder(result.folder)}) {
    if (name.empty() || is_elsewhere(name, result.folder)) continue;
    if (folders_.emplace(name, result.folder).first->second != result.folder) continue;
    result.content_id = name;
    job.noted_as = name;
    job.owns_name = true;
    return;
  }
}

bool PostBuilder::is_elsewhere(const std::string& name, const std::string& folder) {
  if (!options_.check_products) return false;
  const auto known = packages_.find_post(name);
  return known && known->folder != from_anywhere(folder).string() && pipeline::is_there(known->folder);
}

// The post that was built last in the folder, which may have had other names before.
std::string PostBuilder::last_known_in(const std::string& folder) {
  std::string last;
  std::optional<WallTime> built_at;
  const auto [first, end] = known_in_.equal_range(from_anywhere(folder).string());
  for (auto known = first; known != end; ++known) {
    const auto post = packages_.find_post(known->second);
    if (!post || (!last.empty() && post->built_at <= built_at)) continue;
    last = known->second;
    built_at = post->built_at;
  }
  return last;
}

void PostBuilder::look_up_products(Job& job) {
  if (!options_.check_products) return;
  std::vector<std::string> skus;
  for (const std::string& name : job.post->skus) {
    auto found = catalogue_.find(name);
    if (std::string why = objection(found, name); !why.empty()) {
      job.faults.push_back({place_of_sku(*job.post, skus.size()), std::move(why)});
      skus.push_back(name);
    } else {
      skus.push_back(std::move(found.front().name));
      job.products.push_back(std::move(found.front().product));
    }
  }
  job.result.skus = std::move(skus);
}

bool PostBuilder::is_unchanged(Job& job) {
  const auto built = packages_.find(job.post->content_id);
  if (!built || built->fingerprint != job.fingerprint || built->digest == Sha256{}) return false;
  const PackagePaths paths = paths_of(job.post->content_id);
  if (!is_there(paths.naver, built->naver_bytes) || !is_there(paths.unique, built->unique_bytes)) return false;
  Result& result = job.result;
  result.naver_zip = paths.naver;
  result.unique_zip = paths.unique;
  result.images = static_cast<int>(built->images);
  result.keyframes = static_cast<int>(built->keyframes);
  result.bytes = built->naver_bytes + built->unique_bytes;
  return true;
}

// A post that can't be built for what it says is looked through all the same: its author gets to know all at once.
void PostBuilder::pack(Job& job) {
  Result& result = job.result;
  try {
    if (job.post && job.owns_name) {
      pack_post(job);
    } else if (job.owns_name) {
      job.turn.wait();
      job.turn.decide(result.content_id, {});  // the posts behind it may have them
    }
    result.status = !job.faults.empty() ? Status::rejected : options_.check ? Status::sound : Status::built;
  } catch (const Interrupted&) {
    throw;
  } catch (const TakenInstead&) {
    throw;
  } catch (const BrokenStore&) {
    throw;
  } catch (...) {
    fail(job, failure_of(std::current_exception()).message);
  }
}

void PostBuilder::pack_post(Job& job) {
  const Workshop workshop{options_, services_, pool_, metrics_};
  job.packer.emplace(workshop, *job.post, job.products, *job.values, paths_of(job.post->content_id), job.turn);
  job.packer->pack(job.faults);
  std::ranges::copy(job.packer->notes(), std::back_inserter(job.result.notes));
  job.result.images = job.packer->selected_images();
  job.result.keyframes = job.packer->selected_keyframes();
}

// A rejected post has no package, not even an older one.
void PostBuilder::settle(Job& job) {
  if (options_.check) return;
  Result& result = job.result;
  const PackagePaths paths = paths_of(result.content_id);
  try {
    if (result.status == Status::built) {
      job.packer->publish();
      result.naver_zip = paths.naver;
      result.unique_zip = paths.unique;
      result.bytes = job.packer->naver_bytes() + job.packer->unique_bytes();
    } else if (result.status == Status::rejected && job.owns_name) {
      job.turn.confirm();
      remove_package(paths.naver);
      remove_package(paths.unique);
    }
  } catch (const Interrupted&) {
    throw;
  } catch (...) {
    fail(job, failure_of(std::current_exception()).message);
  }
}

void PostBuilder::fail(Job& job, std::string why) {
  job.result.status = Status::failed;
  job.is_settled = true;
  job.faults.push_back({{}, std::move(why)});
}

void PostBuilder::record(Job& job) {
  if (options_.check) return;
  const Result& result = job.result;
  if (result.status == Status::rejected && job.owns_name) packages_.remove(result.content_id);
  if (job.record) note_post(job);
  if (result.status != Status::built) return;
  packages_.put({.content_id = result.content_id,
                 .fingerprint = job.fingerprint,
                 .naver_bytes = job.packer->naver_bytes(),
                 .unique_bytes = job.packer->unique_bytes(),
                 .images = result.images,
                 .keyframes = result.keyframes,
                 .run_id = services_.run_id,
                 .built_at = services_.clock.wall(),
                 .digest = job.packer->digest()},
                job.packer->selected());
  metrics_.naver_bytes.add(job.packer->naver_bytes());
  metrics_.unique_bytes.add(job.packer->unique_bytes());
}

// A post that is as it was known is not written again. What its folder was called before, and nothing became of, is
// no post any more.
void PostBuilder::note_post(Job& job) {
  conclude(job.result, services_.clock.wall(), *job.record);
  if (job.record != job.known) packages_.put_post(*job.record);
  const auto [first, last] = known_in_.equal_range(job.record->folder);
  for (auto former = first; former != last; ++former) {
    if (former->second == job.noted_as) continue;
    const auto post = packages_.find_post(former->second);
    if (post && !post->built && !post->published) packages_.forget_post(former->second);
  }
}

void PostBuilder::finish(Job& job) {
  Result& result = job.result;
  const Nanoseconds took = services_.clock.now() - job.started;
  result.seconds = to_seconds(took);
  const metrics::Tags tags{.content_id = result.content_id,
                           .sku = result.skus.empty() ? std::string_view() : result.skus.front()};
  metrics_.all.record(result.status == Status::unchanged ? metrics_.check : metrics_.build, job.started, took, tags);
  metrics_.packages[static_cast<std::size_t>(result.status)].add();
  if (job.packer) {
    most_images_ = std::max(most_images_, job.post->images.size());
    metrics_.most_images.set(static_cast<double>(most_images_));
  }
  if (options_.check) return;  // its result is all there is to tell
  for (const auto& reason : result.reasons)
    log::error("post {} {}: {}", result.content_id, to_string(result.status), reason);
  for (const auto& note : result.notes) log::info("post {}: {}", result.content_id, note);
}

PackagePaths PostBuilder::paths_of(const std::string& content_id) const {
  return {.naver = options_.out / fmt::format("naver_{}.zip", content_id),
          .unique = options_.out / fmt::format("unique_{}.zip", content_id)};
}

}  // namespace pipeline::package
