#pragma once

#include "pipeline/catalogue/source_identity.h"
#include "pipeline/store/catalogue.h"
#include "pipeline/sync/sync.h"

#include <optional>
#include <string>

namespace pipeline::sync {

// A database belongs to one store. The guard knows whose products the database holds, and with other credentials asks
// the list: if it has nine of ten known products, it is the same store with new keys. Until that is proven nothing may
// be written. Thread of the database.
class StoreGuard {
 public:
  StoreGuard(const Options& options, const Services& services);

  // Whether the list has to tell first.
  [[nodiscard]] bool is_unproven() const noexcept { return state_ == State::unproven; }
  // Whether there is somebody to remember.
  [[nodiscard]] bool has_news() const noexcept { return state_ == State::to_note; }

  struct Verdict {
    bool same_store = true;
    std::string text;  // for people; empty when there is nothing to tell
  };
  // When the list has been read; `why_not_whole` is empty when all of it was. The same store is remembered.
  [[nodiscard]] Verdict judge(const std::string& why_not_whole);

  // Who has to be remembered, with the products that are written first; null: nobody any more.
  [[nodiscard]] const catalogue::SourceIdentity* news() const noexcept {
    return has_news() ? &options_.identity : nullptr;
  }
  // Whether the caller's word made it this store's, and the products that it holds are another's.
  [[nodiscard]] bool brings_another_store() const noexcept { return brings_another_store_; }
  void remembered() noexcept {
    if (has_news()) state_ = State::known;
  }

 private:
  enum class State {
    known,    // these credentials filled the database
    to_note,  // it is empty, or the caller said that it changes over
    unproven,
  };
  [[nodiscard]] State state_of();
  [[nodiscard]] std::string owner() const;  // `the products of application …a1b2`

  const Options& options_;
  const Services& services_;
  const std::optional<catalogue::SourceIdentity> stored_;
  const bool changes_over_;
  bool brings_another_store_ = false;
  State state_;
};

}  // namespace pipeline::sync
