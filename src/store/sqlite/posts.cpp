#include "posts.h"

#include "pipeline/store/post_json.h"
#include "pipeline/store/record_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace pipeline::store::sqlite {
namespace {

// What post_of() reads, in its order.
constexpr const char* kColumns =
    "p.content_id, p.folder, p.title, p.link, p.products, p.state, p.reasons, p.not_built_since, p.outdated, p.stale, "
    "p.stale_since, p.kept, p.published, p.published_at, b.digest, b.built_at FROM posts AS p LEFT JOIN packages AS b "
    "ON b.content_id = p.content_id";

void read_all(Statement& statement, const std::function<void(const PostRecord&)>& sink) {
  const Statement::Use use(statement);
  while (statement.step()) sink(post_of(statement));
}

}  // namespace

Posts::Posts(Connection& connection)
    : find_(connection, "look up a post", fmt::format("SELECT {} WHERE p.content_id = ?1", kColumns)),
      all_(connection, "read the posts", fmt::format("SELECT {} ORDER BY p.content_id", kColumns)),
      folders_(connection, "read where the posts are", "SELECT content_id, folder FROM posts AS p ORDER BY content_id"),
      in_need_(connection, "read the posts that wait for a hand",
               fmt::format("SELECT {} WHERE p.need <> '' OR (b.digest IS NOT NULL AND b.digest IS NOT p.published) "
                           "ORDER BY p.content_id",
                           kColumns)),
      // CROSS JOIN: from the published posts on, which are few. Newer versions of SQLite would begin elsewhere, and
      // sort.
      take_down_(connection, "find published posts of products that are not to be had",
                 "SELECT p.content_id, p.folder, p.title, p.link, r.source || ':' || r.sku, r.name, "
                 "CASE WHEN r.removed_at IS NOT NULL THEN 'REMOVED' WHEN r.status <> 'SALE' THEN r.status "
                 "WHEN r.stock_quantity = 0 THEN 'OUTOFSTOCK' ELSE r.display_status END, "
                 "coalesce(r.removed_at, r.updated_at) FROM posts AS p "
                 "CROSS JOIN post_products AS o ON o.content_id = p.content_id "
                 "CROSS JOIN products AS r ON r.sku = o.sku AND r.source = o.source "
                 "WHERE p.published IS NOT NULL AND (r.removed_at IS NOT NULL OR r.stock_quantity = 0 OR "
                 "r.display_status = 'SUSPENSION' OR r.status IN ('OUTOFSTOCK', 'SUSPENSION', 'CLOSE', 'PROHIBITION', "
                 "'DELETE')) ORDER BY p.content_id"),
      put_(connection, "note a post",
           "INSERT OR REPLACE INTO posts (content_id, folder, title, link, products, state, need, reasons, "
           "not_built_since, outdated, stale, stale_since, kept, published, published_at) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"),
      put_product_(connection, "note a post's product",
                   "INSERT OR IGNORE INTO post_products (content_id, source, sku) VALUES (?1, ?2, ?3)"),
      remove_(connection, "forget a post", "DELETE FROM posts WHERE content_id = ?1"),
      remove_products_(connection, "forget a post's products", "DELETE FROM post_products WHERE content_id = ?1") {}

std::optional<PostRecord> Posts::find(std::string_view content_id) {
  const Statement::Use use(find_);
  return find_.bind(1, content_id).step() ? std::optional(post_of(find_)) : std::nullopt;
}

void Posts::each(const std::function<void(const PostRecord&)>& sink) {
  read_all(all_, sink);
}

void Posts::each_folder(const std::function<void(std::string_view content_id, std::string_view folder)>& sink) {
  const Statement::Use use(folders_);
  while (folders_.step()) sink(folders_.text(0), folders_.text(1));
}

void Posts::each_in_need(const std::function<void(const PostRecord&)>& sink) {
  read_all(in_need_, sink);
}

std::vector<TakeDown> Posts::to_take_down() {
  std::vector<TakeDown> posts;
  const Statement::Use use(take_down_);
  const auto text = [&](int column) { return std::string(take_down_.text(column)); };
  while (take_down_.step())
    posts.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), take_down_.time(7)});
  return posts;
}

void Posts::put(const PostRecord& post) {
  const std::string products = to_json(post.products);
  const std::string reasons = to_json(post.reasons);
  const std::string outdated = to_json(post.outdated);
  const std::string stale = to_json(post.stale);
  const std::string kept = to_json(post.kept);
  put_.bind(1, post.content_id)
      .bind(2, post.folder)
      .bind(3, post.title)
      .bind(4, post.link)
      .bind(5, products)
      .bind(6, to_string(post.state))
      .bind(7, kept_need(post))
      .bind(8, reasons)
      .bind(9, post.not_built_since)
      .bind(10, outdated)
      .bind(11, stale)
      .bind(12, post.stale_since)
      .bind(13, kept)
      .bind(14, post.published)
      .bind(15, post.published_at)
      .run();
  remove_products_.bind(1, post.content_id).run();
  for (const std::string& product : post.products) {
    const auto [source, sku] = key_of_product(product);
    put_product_.bind(1, post.content_id).bind(2, source).bind(3, sku).run();
  }
}

void Posts::remove(std::string_view content_id) {
  remove_.bind(1, content_id).run();
  remove_products_.bind(1, content_id).run();
}

}  // namespace pipeline::store::sqlite
