#pragma once

#include "pipeline/store/posts.h"

#include "connection.h"
#include "statement.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace pipeline::store::sqlite {

// The tables `posts` and `post_products`. What writes belongs in the caller's transaction.
class Posts {
 public:
  explicit Posts(Connection& connection);

  [[nodiscard]] std::optional<PostRecord> find(std::string_view content_id);
  void each(const std::function<void(const PostRecord&)>& sink);
  void each_folder(const std::function<void(std::string_view content_id, std::string_view folder)>& sink);
  void each_in_need(const std::function<void(const PostRecord&)>& sink);
  [[nodiscard]] std::vector<TakeDown> to_take_down();
  void put(const PostRecord& post);
  void remove(std::string_view content_id);

 private:
  Statement find_;
  Statement all_;
  Statement folders_;
  Statement in_need_;
  Statement take_down_;
  Statement put_;
  Statement put_product_;
  Statement remove_;
  Statement remove_products_;
};

}  // namespace pipeline::store::sqlite
