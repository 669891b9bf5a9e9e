#pragma once

#include "pipeline/store/catalogue.h"
#include "pipeline/store/judgement.h"

#include "connection.h"
#include "refresh_queue.h"
#include "statement.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pipeline::store::sqlite {

// Writes products with their queue entries, inside transactions the caller holds, as Catalogue says.
class ProductWriter {
 public:
  explicit ProductWriter(Connection& connection);

  // `enqueued` goes up by one when the refresh queue was added to or merged into; so below.
  WriteOutcome write(const Delivery& delivery, const Writing& how, std::int64_t& enqueued);
  [[nodiscard]] WritePreview preview(const Delivery& delivery, const Writing& how);
  [[nodiscard]] bool is_made_of(const RowProof& row, const Writing& how);

  // False: it was unknown or marked already.
  bool remove(const catalogue::ProductKey& product, std::string_view run_id, std::int64_t& enqueued);

  // Its detail was seen to be true just now.
  void note_verified(const catalogue::ProductKey& product);

 private:
  [[nodiscard]] bool is_known(const catalogue::ProductKey& product);
  [[nodiscard]] Verdict judge(const Delivery& delivery, const Writing& how);
  const catalogue::Product& read_stored(const catalogue::ProductKey& product);
  WriteOutcome write_failure(const catalogue::Product& product, const Writing& how);
  bool insert(const catalogue::Product& product, const Writing& how, std::int64_t& enqueued);
  void rewrite(const catalogue::Product& product, const Writing& how);
  void follow_list(const catalogue::Product& product);
  void bind_product(Statement& statement, const catalogue::Product& product, const Writing& how);
  void enqueue(const catalogue::ProductKey& product, const std::vector<catalogue::Change>& changes,
               std::int64_t& enqueued);

  Connection& connection_;
  const bool has_key_;         // not so in the bench's experiments (sku_index.h)
  bool expect_unknown_;        // what comes tends to be what came before: new, or known
  catalogue::Product before_;  // as stored, of the product that is being judged
  RefreshQueue queue_;
  Statement look_up_;
  Statement look_up_row_;
  Statement read_;
  Statement insert_;
  Statement rewrite_;
  Statement reindex_;
  Statement follow_list_;
  Statement mark_failed_;
  Statement mark_removed_;
  Statement verify_;
  Statement forget_check_;
};

}  // namespace pipeline::store::sqlite
