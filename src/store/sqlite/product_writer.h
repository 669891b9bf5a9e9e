#pragma once

#include "pipeline/store/catalogue.h"

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
  // What is stored of a product, and how a delivered one differs from it.
  struct Stored {
    bool same_content = false;  // or all that the row says
    bool same_list = false;
    bool parsed = false;
    bool never_parsed = false;
    bool removed = false;
  };
  // What is to become of a known product, and what it will be then.
  struct Judgement {
    WriteOutcome outcome;
    const catalogue::Product* after;  // the delivered one, or that completed
  };
  [[nodiscard]] std::optional<Stored> look_up(const catalogue::Product& product, const Writing& how);
  [[nodiscard]] Judgement judge(Stored& stored, const catalogue::Product& product, const Writing& how);
  void read_stored(const catalogue::ProductKey& product);
  [[nodiscard]] std::vector<catalogue::Change> changes_to(const Stored& stored, const catalogue::Product& product,
                                                          const Writing& how) const;
  WriteOutcome write_failure(const catalogue::Product& product, const Writing& how);
  bool insert(const catalogue::Product& product, const Writing& how, std::int64_t& enqueued);
  void rewrite(const catalogue::Product& product, const Writing& how);
  void follow_list(const catalogue::Product& product);
  void bind_product(Statement& statement, const catalogue::Product& product, const Writing& how);
  [[nodiscard]] std::vector<catalogue::Change> changes_since(const catalogue::Product& product, bool compare_bodies,
                                                             const Writing& how) const;
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
