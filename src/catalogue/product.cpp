#include "pipeline/catalogue/product.h"

#include "pipeline/base/names.h"

#include <fmt/core.h>

namespace pipeline::catalogue {
namespace {

constexpr auto kReasonNames = names_of<Reason>("NEW", "PRICE", "STOCK", "OPTION", "CONTENT", "STATUS", "REMOVED");

}  // namespace

std::string full_name(const ProductKey& key) {
  return fmt::format("{}:{}", key.source, key.sku);
}

std::string_view to_string(Reason reason) noexcept {
  return kReasonNames[reason];
}

}  // namespace pipeline::catalogue
