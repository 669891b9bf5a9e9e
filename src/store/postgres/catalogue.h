#pragma once

#include "pipeline/store/catalogue.h"
#include "pipeline/store/run_list.h"

#include "connection.h"
#include "listing.h"
#include "runs.h"

#include <memory>
#include <optional>

namespace pipeline::store::postgres {

// Puts what does the parts of it into transactions.
class Catalogue final : public store::Catalogue {
 public:
  Catalogue(std::shared_ptr<Connection> connection, Runs& runs, RunListMaker run_lists);

  [[nodiscard]] bool is_empty() override;
  [[nodiscard]] std::int64_t count_present(std::string_view source) override;
  [[nodiscard]] CatalogueTotals totals(int most_unreadable) override;
  [[nodiscard]] std::vector<FoundProduct> find(std::string_view name) override;
  [[nodiscard]] std::vector<FoundProduct> find_by_sku(std::string_view name) override;
  [[nodiscard]] std::optional<catalogue::SourceIdentity> owner_of(std::string_view source) override;
  void remember(const catalogue::SourceIdentity& owner) override;

  void begin_list(std::string_view source) override;
  [[nodiscard]] std::vector<Standing> compare(std::span<const ListedProduct> page, bool keep_all, int pass) override;
  void note_listed(std::span<const std::string_view> skus) override;
  void note_gone(std::string_view sku) override;
  [[nodiscard]] std::optional<ListRow> take(std::string_view sku) override;
  [[nodiscard]] std::optional<ListRow> stored_row(std::string_view sku) override;
  [[nodiscard]] std::int64_t count_listed() override;
  [[nodiscard]] Overlap overlap() override;
  [[nodiscard]] std::int64_t count_absent(bool list_is_whole) override;
  [[nodiscard]] std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit) override;
  [[nodiscard]] std::vector<std::string> due_for_check(std::chrono::seconds max_age, bool give) override;

  [[nodiscard]] std::vector<bool> are_made_of(std::span<const RowProof> rows, const Writing& how) override;
  Written write(const Batch& batch, const Writing& how) override;
  [[nodiscard]] std::vector<WritePreview> preview(std::span<const Delivery> products, const Writing& how) override;
  Written remove(std::string_view source, std::span<const RemovalCandidate> products, std::string_view run_id) override;

 private:
  // Adds the waiting run's note to a transaction's last statements when the batch has changed a product.
  void note_run(const Written& written, std::vector<Statement>& statements) const;
  void noted(const Written& written) noexcept;

  const std::shared_ptr<Connection> connection_;
  Runs& runs_;
  const RunListMaker run_lists_;
  std::optional<Listing> listing_;
};

}  // namespace pipeline::store::postgres
