#pragma once

#include "pipeline/store/catalogue.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pipeline::store {

// The list that a run has read, beside the store: for engines that have no place of their own for what is of one run
// alone. Not in memory, and gone with this. One thread at a time; throws Error when its disk is full.
class RunList {
 public:
  virtual ~RunList() = default;

  // Notes rows whose standing against the store is told; a row that was noted before keeps its first standing. Those
  // that are unseen or changed are kept for take(); `keep_all` keeps the unchanged too. What became of each: as it was
  // told, or doubled, or again (Catalogue::compare()).
  [[nodiscard]] virtual std::vector<Standing> add(std::span<const ListedProduct> page,
                                                  std::span<const Standing> standings, bool keep_all, int pass) = 0;
  virtual void note(std::span<const std::string_view> skus) = 0;  // as unchanged, without a row
  virtual void note_gone(std::string_view sku) = 0;

  [[nodiscard]] virtual std::optional<ListRow> take(std::string_view sku) = 0;
  [[nodiscard]] virtual std::int64_t size() = 0;

  // Of each SKU what the list says of it.
  struct Word {
    std::optional<Standing> standing;  // absent: it is not in the list
    bool gone = false;
  };
  [[nodiscard]] virtual std::vector<Word> words_of(std::span<const std::string_view> skus) = 0;
};

using RunListMaker = std::function<std::unique_ptr<RunList>()>;

}  // namespace pipeline::store
