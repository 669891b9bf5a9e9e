#pragma once

#include "pipeline/base/error.h"
#include "pipeline/store/catalogue.h"

#include <fmt/core.h>

namespace pipeline::store {

// Which of the calls that write fails, counted from 1: before anything is done, or when all is and only the answer is
// lost.
struct FailOn {
  int call = 1;
  bool after = false;
};

// A catalogue whose database fails.
class FaultyCatalogue final : public Catalogue {
 public:
  FaultyCatalogue(Catalogue& real, FailOn fail) : real_(real), fail_(fail) {}

  bool is_empty() override { return real_.is_empty(); }
  std::int64_t count_present(std::string_view source) override { return real_.count_present(source); }
  CatalogueTotals totals(int most_unreadable) override { return real_.totals(most_unreadable); }
  std::vector<FoundProduct> find(std::string_view name) override { return real_.find(name); }
  std::vector<FoundProduct> find_by_sku(std::string_view name) override { return real_.find_by_sku(name); }
  std::optional<catalogue::SourceIdentity> owner_of(std::string_view source) override { return real_.owner_of(source); }
  void remember(const catalogue::SourceIdentity& owner) override {
    carry_out([&] { real_.remember(owner); });
  }

  void begin_list(std::string_view source) override { real_.begin_list(source); }
  std::vector<Standing> compare(std::span<const ListedProduct> page, bool keep_all, int pass) override {
    return real_.compare(page, keep_all, pass);
  }
  void note_listed(std::span<const std::string_view> skus) override { real_.note_listed(skus); }
  void note_gone(std::string_view sku) override { real_.note_gone(sku); }
  std::optional<ListRow> take(std::string_view sku) override { return real_.take(sku); }
  std::optional<ListRow> stored_row(std::string_view sku) override { return real_.stored_row(sku); }
  std::int64_t count_listed() override { return real_.count_listed(); }
  Overlap overlap() override { return real_.overlap(); }
  std::int64_t count_absent(bool list_is_whole) override { return real_.count_absent(list_is_whole); }
  std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit) override {
    return real_.absent(list_is_whole, after, limit);
  }
  std::vector<std::string> due_for_check(std::chrono::seconds max_age, bool give) override {
    return real_.due_for_check(max_age, give);
  }

  std::vector<bool> are_made_of(std::span<const RowProof> rows, const Writing& how) override {
    return real_.are_made_of(rows, how);
  }
  Written write(const Batch& batch, const Writing& how) override {
    return carry_out([&] { return real_.write(batch, how); });
  }
  std::vector<WritePreview> preview(std::span<const Delivery> products, const Writing& how) override {
    return real_.preview(products, how);
  }
  Written remove(std::string_view source, std::span<const RemovalCandidate> products,
                 std::string_view run_id) override {
    return carry_out([&] { return real_.remove(source, products, run_id); });
  }

 private:
  template <typename Call>
  auto carry_out(Call&& call) -> decltype(call()) {
    const bool fails = ++calls_ == fail_.call;
    if (!fails) return call();
    if (fail_.after) (void)call();
    throw Error(fmt::format("call {} failed", calls_));
  }

  Catalogue& real_;
  const FailOn fail_;
  int calls_ = 0;
};

}  // namespace pipeline::store
