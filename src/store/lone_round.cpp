#include "pipeline/store/lone_round.h"

namespace pipeline::store {

Rounds::Begun LoneRound::begin(const std::string& name) {
  is_open_ = true;
  return {.name = name, .alone = true};
}

Step LoneRound::next() {
  if (!is_open_) return Step::over;
  return done_ < posts_.size() ? Step::build : Step::lay_out;
}

Stage LoneRound::stage() {
  Stage stage = stage_;
  stage.posts = static_cast<std::int64_t>(posts_.size() - done_);
  return stage;
}

void LoneRound::lay_out(const Stage& stage, std::span<const std::string> folders) {
  const std::int64_t number = stage_.number + 1;
  stage_ = stage;
  stage_.number = number;
  for (const std::string& folder : folders) posts_.push_back({.stage = number, .folder = folder, .why = {}});
}

void LoneRound::close() {
  is_open_ = false;
}

std::optional<RoundPost> LoneRound::take() {
  std::int64_t place = 0;
  if (!given_back_.empty()) {
    place = *given_back_.begin();
    given_back_.erase(given_back_.begin());
  } else if (taken_ < posts_.size()) {
    place = static_cast<std::int64_t>(++taken_);
  } else {
    return std::nullopt;
  }
  return RoundPost{.place = place, .folder = posts_[static_cast<std::size_t>(place) - 1].folder};
}

void LoneRound::give_back(std::int64_t place) {
  given_back_.insert(place);
}

void LoneRound::finish(std::int64_t place, const std::string& why) {
  RoundOutcome& post = posts_[static_cast<std::size_t>(place) - 1];
  if (!post.done) ++done_;
  post.done = true;
  post.why = why;
}

void LoneRound::each_image(std::int64_t, const std::function<void(std::string_view, const PackedImage&)>& sink) {
  packages_.each_image(sink);
}

std::string LoneRound::look_of(std::string_view content_id, const Sha256& sha256) {
  return packages_.look_of(content_id, sha256);
}

}  // namespace pipeline::store
