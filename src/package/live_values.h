#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/package/post.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// Fills what an author leaves to the catalogue: `{{판매가}}`, `{{sale_price}}`, and in a post of several products
// `{{SKU.sale_price}}`, by any name of the column. Borrows the products.
class LiveValues {
 public:
  // `names`: what the author calls the products, in the same order. Without products, for a check without a database,
  // any product has the column's Korean name as its value.
  LiveValues(std::span<const catalogue::Product> products, std::span<const std::string> names)
      : products_(products), names_(names) {}

  // The text with its values. What is none is left as it stands and told: a predicate of the place.
  using Tell = std::function<void(std::string_view written, std::string objection)>;
  [[nodiscard]] std::string fill(std::string_view text, const Tell& tell) const;

  // Title, disclosure, alt texts, call to action and questions of the post, whose limits are then judged anew. The body
  // is filled where it is made (make_body).
  void fill(Post& post, std::vector<Fault>& faults) const;

 private:
  static void refuse_elsewhere(const Post& post, std::vector<Fault>& faults);

  struct Value {
    std::string text;
    std::string objection;
  };
  [[nodiscard]] Value value_of(std::string_view name) const;

  std::span<const catalogue::Product> products_;
  std::span<const std::string> names_;
};

// Whether a text begins with such a mark, known or not: two braces round a name; or one of a value that is not closed.
[[nodiscard]] bool begins_with_live_value(std::string_view text);
// The first such mark of a text, as it is written; empty: there is none.
[[nodiscard]] std::string_view first_live_value(std::string_view text);

// Of a mark in an address, a tag or a fact.
inline constexpr std::string_view kNotFilledHere =
    "stands where no value is filled in: write what is meant, or take it out";

}  // namespace pipeline::package
