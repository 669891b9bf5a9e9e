#include "post_packer.h"

#include "pipeline/base/file.h"
#include "pipeline/media/likeness.h"
#include "pipeline/media/perceptual_hash.h"
#include "pipeline/package/alt_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <set>
#include <utility>

namespace pipeline::package {
namespace {

std::string place_of(const Picture& picture) {
  if (picture.kind == Picture::Kind::image) return picture.source;
  return fmt::format("{} at {:.1f} s", picture.source, picture.at_seconds);
}

std::string describe(const Picture& picture, const Duplicate& duplicate) {
  const bool equal = duplicate.kind == Duplicate::Kind::equal;
  const std::string_view like = equal ? "the same as" : "nearly the same as";
  const std::string bits = equal ? "" : fmt::format(" ({} of 64 bits differ)", duplicate.distance);
  const std::string other =
      duplicate.content_id.empty() ? duplicate.of : fmt::format("a picture packed for post {}", duplicate.content_id);
  return fmt::format("{} shows {} {}{}: left out of the unique pack", place_of(picture), like, other, bits);
}

// Why the pictures of a post that is gone are still taken, and what frees them.
std::string note_of_gone_post(const std::string& content_id, const std::filesystem::path& posts,
                              const std::string& db) {
  return fmt::format(
      "the post {0} is not in {1} any more, but its pictures are still taken. If it is gone for good, free them: "
      "pipeline post forget {0} --db '{2}'",
      content_id, posts.string(), db);
}

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t count_duplicates(const std::vector<Picture>& pictures) {
  return static_cast<std::size_t>(
      std::ranges::count_if(pictures, [](const auto& p) { return p.duplicate.has_value(); }));
}

}  // namespace

PostPacker::PostPacker(const Workshop& shop, const Post& post, const std::vector<catalogue::Product>& products,
                       const LiveValues& values, PackagePaths paths, Turn& turn)
    : shop_(shop),
      post_(post),
      products_(products),
      paths_(std::move(paths)),
      tags_{.content_id = post.content_id, .sku = products.empty() ? post.skus.front() : products.front().sku},
      turn_(turn),
      body_(make_body(post, shop.options.breaks, &values)) {
  for (const std::string& note : body_.notes) notes_.push_back(fmt::format("{} {}", body_place(post), note));
  if (shop.options.check) return;
  naver_.emplace(paths_.naver, shop.options.compression);
  unique_.emplace(paths_.unique, shop.options.compression);
}

void PostPacker::pack(std::vector<Fault>& faults) {
  faults_ = std::move(faults);
  std::ranges::copy(body_.faults, std::back_inserter(faults_));
  // Parts of a video are the longest pieces of work: all threads take them first, then the pictures.
  extract_keyframes();
  pack_images();
  pack_keyframes();
  note_gone_posts();
  apply_rules();
  turn_.decide(post_.content_id, faults_.empty() ? selected_ : std::vector<store::PackedImage>());
  faults = std::move(faults_);
}

void PostPacker::publish() {
  const auto timed = shop_.metrics.all.time(shop_.metrics.zip, tags_);
  write_texts();
  check_interrupted();
  name_archives();
}

int PostPacker::selected_images() const noexcept {
  return static_cast<int>(images_.size() - count_duplicates(images_));
}

int PostPacker::selected_keyframes() const noexcept {
  return static_cast<int>(keyframes_.size() - count_duplicates(keyframes_));
}

void PostPacker::extract_keyframes() {
  const media::KeyframeOptions options{
      .count = shop_.options.keyframes, .timeout = shop_.options.video_timeout, .workers = shop_.pool.available()};
  const auto for_each = [this](std::size_t n, const auto& task) { shop_.pool.for_each(n, task); };
  const auto interrupted = [this] { return shop_.services.interrupted() != 0; };
  for (const auto& [file, path] : post_.videos) {
    if (options.count == 0) break;
    const auto timed = shop_.metrics.all.time(shop_.metrics.keyframes, tags_);
    media::Keyframes found = media::extract_keyframes(path, options, shop_.services.clock, for_each, interrupted);
    check_interrupted();
    add_video(file, std::move(found));
  }
}

void PostPacker::add_video(const std::string& file, media::Keyframes found) {
  videos_.push_back({.file = file,
                     .codec = found.codec,
                     .duration_seconds = found.duration_seconds,
                     .keyframes = static_cast<int>(found.frames.size()),
                     .shortfall = found.shortfall,
                     .timed_out = found.timed_out});
  if (found.timed_out) shop_.metrics.video_timeouts.add();
  if (!found.shortfall.empty()) notes_.push_back(fmt::format("{} {}", file, found.shortfall));
  for (media::Keyframe& frame : found.frames) {
    Picture& picture = keyframes_.emplace_back();
    picture.kind = Picture::Kind::keyframe;
    picture.source = file;
    picture.at_seconds = frame.at_seconds;
    picture.width = frame.width;
    picture.height = frame.height;
    picture.bytes = frame.jpeg.size();
    picture.perceptual_hash = frame.perceptual_hash;
    picture.look = std::move(frame.look);
    keyframe_files_.push_back(std::move(frame.jpeg));
  }
}

void PostPacker::pack_images() {
  PictureLine line(shop_.pool, shop_.metrics.all, {shop_.metrics.read, shop_.metrics.hash}, tags_, post_.images,
                   body_.images, shop_.options.keep_gps);
  if (turn_.is_shared()) line.work_ahead();  // other machines don't help with it, and wait for its turn to end
  for (std::size_t number = 0; number < body_.images.size(); ++number) {
    ExaminedPicture examined = line.next();
    check_interrupted();
    turn_.wait();
    if (examined.fault.empty())
      pack_image(number, std::move(examined));
    else
      faults_.push_back({post_.images[body_.images[number]].file, examined.fault});
  }
}

void PostPacker::pack_image(std::size_t number, ExaminedPicture examined) {
  // As many digits as the last number has, so that any program lists them in their order.
  const auto digits = std::max<std::size_t>(2, std::to_string(body_.images.size()).size());
  const std::string file = fmt::format("{:0{}}{}", number + 1, digits, media::extension_of(examined.image.type));
  Picture picture;
  picture.source = post_.images[body_.images[number]].file;
  picture.name = "images/" + file;
  picture.alt = alt_of(number);
  picture.alt_by_author = !picture.alt.empty();
  picture.width = examined.image.width;
  picture.height = examined.image.height;
  picture.bytes = examined.bytes.size();
  picture.sha256 = examined.sha256;
  picture.original_sha256 = examined.original_sha256;
  picture.perceptual_hash = examined.image.perceptual_hash;
  picture.look = std::move(examined.image.look);
  picture.position_removed = examined.position_removed;
  picture.duplicate = duplicate_of(picture);
  if (!examined.image.note.empty()) notes_.push_back(fmt::format("{} {}", picture.source, examined.image.note));
  shop_.metrics.images.add();
  if (faults_.empty() && naver_) {
    const auto timed = shop_.metrics.all.time(shop_.metrics.copy, tags_);
    naver_->store(picture.name, examined.bytes, examined.crc);
    if (!picture.duplicate) unique_->store("selected_images/" + file, examined.bytes, examined.crc);
  }
  manifest_.push_back({picture.name, picture.bytes, picture.sha256});
  if (picture.duplicate) {
    shop_.metrics.duplicates.add();
    notes_.push_back(describe(picture, *picture.duplicate));
  } else {
    picture.selected_name = "selected_images/" + file;
    select(picture);
  }
  images_.push_back(std::move(picture));
}

// What a body calls its pictures (`![front](1.jpg)`) was not always meant as an alt text: what can't be one is no
// fault, and a text is made for the picture.
std::string PostPacker::alt_of(std::size_t number) {
  const PostImage& image = post_.images[body_.images[number]];
  const std::string& alt = body_.alts[number];
  if (alt.empty() || !image.alt.empty()) return alt;
  std::string objection = alt_objection(alt);
  const auto repeats = [&](const Picture& other) { return !other.alt.empty() && say_the_same(other.alt, alt); };
  if (const auto other = std::ranges::find_if(images_, repeats); objection.empty() && other != images_.end())
    objection = fmt::format("is that of {} too", other->source);
  if (objection.empty()) return alt;
  notes_.push_back(
      fmt::format("{}: the body's alt text of {} {}: one was made for it", body_place(post_), image.file, objection));
  return {};
}

void PostPacker::pack_keyframes() {
  turn_.wait();
  Sha256Hasher hasher;
  int number = 0;
  for (std::size_t i = 0; i < keyframes_.size(); ++i) {
    Picture& picture = keyframes_[i];
    picture.sha256 = hasher.hash(keyframe_files_[i]);
    picture.duplicate = duplicate_of(picture);
    if (picture.duplicate) {
      notes_.push_back(describe(picture, *picture.duplicate));
      continue;
    }
    picture.name = picture.selected_name = fmt::format("keyframes/{:02}.jpg", ++number);
    select(picture);
    shop_.metrics.keyframes_packed.add();
    if (faults_.empty() && unique_)
      unique_->store(picture.name, keyframe_files_[i], archive::crc32_of(keyframe_files_[i]));
  }
}

void PostPacker::note_gone_posts() {
  std::set<std::string> owners;
  for (const auto* const pictures : {&images_, &keyframes_})
    for (const Picture& picture : *pictures)
      if (picture.duplicate && !picture.duplicate->content_id.empty()) owners.insert(picture.duplicate->content_id);
  std::error_code failed;
  const auto posts = std::filesystem::canonical(post_.folder, failed).parent_path();
  for (const std::string& owner : owners)
    if (!failed && !may_hold_post(posts, owner))
      notes_.push_back(note_of_gone_post(owner, posts, shop_.services.store.name));
}

void PostPacker::apply_rules() {
  const std::size_t duplicates = count_duplicates(images_);
  const std::size_t own = images_.size() - duplicates;
  if (std::cmp_less(own, shop_.options.min_images))
    faults_.push_back(
        {"images/", fmt::format("{} of its own, and at least {} are needed: add pictures no other post "
                                "has, or lower --min-images",
                                own == 1 ? "1 picture" : fmt::format("{} pictures", own), shop_.options.min_images)});
  if (const double found = ratio(duplicates, images_.size()); found > shop_.options.max_duplicate_ratio)
    faults_.push_back({"images/", fmt::format("{} of {} pictures are duplicates, a ratio of {:.2f} where {:.2f} is "
                                              "allowed: replace them, or raise --max-duplicate-ratio",
                                              duplicates, images_.size(), found, shop_.options.max_duplicate_ratio)});

  std::vector<Picture> pictures = images_;
  std::ranges::copy(keyframes_, std::back_inserter(pictures));
  const std::string& name = !products_.empty() && products_.front().name ? *products_.front().name : post_.title;
  std::ranges::copy(complete_alt_texts(pictures, post_, name), std::back_inserter(faults_));
  const auto first_keyframe = pictures.begin() + static_cast<std::ptrdiff_t>(images_.size());
  std::ranges::move(pictures.begin(), first_keyframe, images_.begin());
  std::ranges::move(first_keyframe, pictures.end(), keyframes_.begin());
}

void PostPacker::write_texts() {
  const Content all = content();
  Sha256Hasher hasher;
  const auto add = [&](const char* name, const std::string& text) {
    naver_->deflate(name, text);
    manifest_.push_back({name, text.size(), hasher.hash(text)});
  };
  add("content.html", content_html(all));
  add("preview.html", preview_html(all));
  add("meta.json", meta_json(all));
  const std::string manifest = manifest_json(post_.content_id, manifest_);
  digest_ = hasher.hash(manifest);
  naver_->deflate("manifest.json", manifest);
  unique_->deflate("alt_texts.json", alt_texts_json(all));
  unique_->deflate("unique_facts.json", unique_facts_json(all));
  unique_->deflate("uniqueness_report.json", uniqueness_report_json(all));
}

// Both are whole and on the disk before either gets its name.
void PostPacker::name_archives() {
  auto naver = std::async(std::launch::async, [this] { naver_->finish(); });
  unique_->finish();
  naver.get();
  turn_.confirm();
  naver_->commit();
  unique_->commit();
  sync_folder(paths_.naver.parent_path());
}

std::optional<Duplicate> PostPacker::duplicate_of(const Picture& picture) const {
  for (std::size_t i = 0; i < selected_.size(); ++i) {
    const bool equal = selected_[i].sha256 == picture.sha256;
    if (equal ||
        media::nearly_equal({selected_[i].perceptual_hash, selected_[i].look}, {picture.perceptual_hash, picture.look}))
      return Duplicate{.kind = equal ? Duplicate::Kind::equal : Duplicate::Kind::nearly_equal,
                       .of = selected_sources_[i],
                       .content_id = {},
                       .distance = media::distance(selected_[i].perceptual_hash, picture.perceptual_hash)};
  }
  return turn_.find({picture.sha256, picture.perceptual_hash, picture.look}, post_.content_id);
}

void PostPacker::select(const Picture& picture) {
  selected_.push_back({picture.sha256, picture.perceptual_hash, picture.look});
  selected_sources_.push_back(place_of(picture));
}

void PostPacker::check_interrupted() const {
  if (shop_.services.interrupted() != 0) throw Interrupted();
}

Content PostPacker::content() const {
  return {.post = post_,
          .body = body_,
          .products = products_,
          .images = images_,
          .keyframes = keyframes_,
          .videos = videos_,
          .duplicate_ratio = ratio(count_duplicates(images_), images_.size()),
          .max_duplicate_ratio = shop_.options.max_duplicate_ratio,
          .counted_images = selected_images(),
          .min_images = shop_.options.min_images};
}

}  // namespace pipeline::package
