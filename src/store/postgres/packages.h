#pragma once

#include "pipeline/store/packages.h"

#include "connection.h"
#include "posts.h"

#include <memory>
#include <utility>

namespace pipeline::store::postgres {

// The tables `packages` and `images`, and those of the posts.
class Packages final : public store::Packages {
 public:
  explicit Packages(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)), posts_(*connection_) {}

  [[nodiscard]] std::optional<PackageRecord> find(std::string_view content_id) override;
  void each_image(const std::function<void(std::string_view content_id, const PackedImage&)>& sink) override;
  [[nodiscard]] std::string look_of(std::string_view content_id, const Sha256& sha256) override;
  void put(const PackageRecord& record, std::span<const PackedImage> images) override;
  void remove(std::string_view content_id) override;
  [[nodiscard]] std::optional<PostRecord> find_post(std::string_view content_id) override {
    return posts_.find(content_id);
  }
  void each_post(const std::function<void(const PostRecord&)>& sink) override { posts_.each(sink); }
  void each_post_folder(
      const std::function<void(std::string_view content_id, std::string_view folder)>& sink) override {
    posts_.each_folder(sink);
  }
  void each_post_in_need(const std::function<void(const PostRecord&)>& sink) override { posts_.each_in_need(sink); }
  [[nodiscard]] std::vector<TakeDown> to_take_down() override { return posts_.to_take_down(); }
  void put_post(const PostRecord& post) override;
  void forget_post(std::string_view content_id) override;

 private:
  const std::shared_ptr<Connection> connection_;
  Posts posts_;
};

}  // namespace pipeline::store::postgres
