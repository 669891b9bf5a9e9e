#pragma once

#include "pipeline/store/posts.h"

#include "connection.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {

// The tables `posts` and `post_products`. What changes them is for the flight of a transaction.
class Posts {
 public:
  explicit Posts(Connection& connection) noexcept : connection_(connection) {}

  [[nodiscard]] std::optional<PostRecord> find(std::string_view content_id);
  void each(const std::function<void(const PostRecord&)>& sink);
  void each_folder(const std::function<void(std::string_view content_id, std::string_view folder)>& sink);
  void each_in_need(const std::function<void(const PostRecord&)>& sink);
  [[nodiscard]] std::vector<TakeDown> to_take_down();

  [[nodiscard]] static std::vector<Statement> putting(const PostRecord& post);
  [[nodiscard]] static std::vector<Statement> removing(std::string_view content_id);

 private:
  Connection& connection_;
};

}  // namespace pipeline::store::postgres
