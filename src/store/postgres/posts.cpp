#include "posts.h"

#include "pipeline/store/post_json.h"
#include "pipeline/store/record_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace pipeline::store::postgres {
namespace {

// What post_of() reads, in its order.
constexpr std::string_view kColumns =
    "p.content_id, p.folder, p.title, p.link, p.products, p.state, p.reasons, p.not_built_since, p.outdated, p.stale, "
    "p.stale_since, p.kept, p.published, p.published_at, b.digest, b.built_at FROM @posts AS p LEFT JOIN @packages AS "
    "b ON b.content_id = p.content_id";

constexpr std::string_view kPutPost =
    "INSERT INTO @posts (content_id, folder, title, link, products, state, need, reasons, not_built_since, outdated, "
    "stale, stale_since, kept, published, published_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (content_id) DO UPDATE SET "
    "folder = excluded.folder, title = excluded.title, link = excluded.link, products = excluded.products, "
    "state = excluded.state, need = excluded.need, reasons = excluded.reasons, "
    "not_built_since = excluded.not_built_since, outdated = excluded.outdated, stale = excluded.stale, "
    "stale_since = excluded.stale_since, kept = excluded.kept, published = excluded.published, "
    "published_at = excluded.published_at";

constexpr std::string_view kTakeDown =
    "SELECT p.content_id, p.folder, p.title, p.link, r.source || ':' || r.sku, r.name, "
    "CASE WHEN r.removed_at IS NOT NULL THEN 'REMOVED' WHEN r.status <> 'SALE' THEN r.status "
    "WHEN r.stock_quantity = 0 THEN 'OUTOFSTOCK' ELSE r.display_status END, coalesce(r.removed_at, r.updated_at) "
    "FROM @posts AS p JOIN @post_products AS o ON o.content_id = p.content_id "
    "JOIN @products AS r ON r.sku = o.sku AND r.source = o.source "
    "WHERE p.published IS NOT NULL AND (r.removed_at IS NOT NULL OR r.stock_quantity = 0 OR "
    "r.display_status = 'SUSPENSION' OR r.status IN ('OUTOFSTOCK', 'SUSPENSION', 'CLOSE', 'PROHIBITION', 'DELETE')) "
    "ORDER BY p.content_id, o.source, o.sku";

TakeDown read_take_down(const Row& row) {
  const auto text = [&](int column) { return std::string(row.text(column)); };
  return {text(0), text(1), text(2), text(3), text(4), text(5), text(6), row.time(7)};
}

}  // namespace

std::optional<PostRecord> Posts::find(std::string_view content_id) {
  const std::string sql = fmt::format("SELECT {} WHERE p.content_id = $1", kColumns);
  const Result found = connection_.ask("look up a post", sql, Values::of(content_id));
  return found.rows() > 0 ? std::optional(post_of(Row(found, 0))) : std::nullopt;
}

void Posts::each(const std::function<void(const PostRecord&)>& sink) {
  const std::string sql = fmt::format("SELECT {} ORDER BY p.content_id", kColumns);
  connection_.each_row("read the posts", sql, {}, [&](const Row& row) { sink(post_of(row)); });
}

void Posts::each_folder(const std::function<void(std::string_view content_id, std::string_view folder)>& sink) {
  connection_.each_row("read where the posts are", "SELECT content_id, folder FROM @posts ORDER BY content_id", {},
                       [&](const Row& row) { sink(row.text(0), row.text(1)); });
}

void Posts::each_in_need(const std::function<void(const PostRecord&)>& sink) {
  const std::string sql = fmt::format(
      "SELECT {} WHERE p.need <> '' OR (b.digest IS NOT NULL AND b.digest IS DISTINCT FROM p.published) "
      "ORDER BY p.content_id",
      kColumns);
  connection_.each_row("read the posts that wait for a hand", sql, {}, [&](const Row& row) { sink(post_of(row)); });
}

std::vector<TakeDown> Posts::to_take_down() {
  const Result found = connection_.ask("find published posts of products that are not to be had", kTakeDown);
  std::vector<TakeDown> posts;
  for (int row = 0; row < found.rows(); ++row) posts.push_back(read_take_down({found, row}));
  return posts;
}

std::vector<Statement> Posts::putting(const PostRecord& post) {
  Column sources(Column::Type::text);
  Column skus(Column::Type::text);
  for (const std::string& product : post.products) {
    const auto [source, sku] = key_of_product(product);
    sources.add(source);
    skus.add(sku);
  }
  return {
      {"note a post", kPutPost,
       Values::of(post.content_id, post.folder, post.title, post.link, to_json(post.products), to_string(post.state),
                  kept_need(post), to_json(post.reasons), post.not_built_since, to_json(post.outdated),
                  to_json(post.stale), post.stale_since, to_json(post.kept), post.published, post.published_at)},
      {"forget a post's products", "DELETE FROM @post_products WHERE content_id = $1", Values::of(post.content_id)},
      {"note a post's products",
       "INSERT INTO @post_products (content_id, source, sku) SELECT $1, n.source, n.sku "
       "FROM unnest($2::text[], $3::text[]) AS n (source, sku) ON CONFLICT DO NOTHING",
       Values::of(post.content_id, sources, skus)}};
}

std::vector<Statement> Posts::removing(std::string_view content_id) {
  return {{"forget a post", "DELETE FROM @posts WHERE content_id = $1", Values::of(content_id)},
          {"forget a post's products", "DELETE FROM @post_products WHERE content_id = $1", Values::of(content_id)}};
}

}  // namespace pipeline::store::postgres
