#include "pipeline/catalogue/product.h"

#include <fmt/core.h>

namespace pipeline::catalogue {

std::string full_name(const ProductKey& key) {
  return fmt::format("{}:{}", key.source, key.sku);
}

std::string_view to_string(Reason reason) noexcept {
  switch (reason) {
    case Reason::new_product:
      return "NEW";
    case Reason::price:
      return "PRICE";
    case Reason::stock:
      return "STOCK";
    case Reason::option:
      return "OPTION";
    case Reason::content:
      return "CONTENT";
    case Reason::status:
      return "STATUS";
    case Reason::removed:
      return "REMOVED";
  }
  return "CONTENT";
}

}  // namespace pipeline::catalogue
