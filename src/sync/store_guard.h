#pragma once

#include "pipeline/store/listing.h"
#include "pipeline/store/source_identity.h"
#include "pipeline/sync/sync.h"

#include <optional>
#include <string>

namespace pipeline::sync {

// A database belongs to one store. The guard knows whose products the database holds, and with other credentials asks
// the list: if it has nine of ten known products, it is the same store with new keys. Until that is proven nothing may
// be written. Thread of the database.
class StoreGuard {
 public:
  StoreGuard(const Options& options, const Services& services, store::Listing& listing);

  // Whether the list has to tell first.
  [[nodiscard]] bool is_unproven() const noexcept { return state_ == State::unproven; }
  // Whether remember() has something to do.
  [[nodiscard]] bool has_news() const noexcept { return state_ == State::to_note; }

  struct Verdict {
    bool same_store = true;
    std::string text;  // for people; empty when there is nothing to tell
  };
  // When the list has been read; `why_not_whole` is empty when all of it was. The same store is remembered.
  [[nodiscard]] Verdict judge(const std::string& why_not_whole);

  // Remembers the identity, once, inside the caller's transaction, which writes its products.
  void remember();

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
  store::Listing& listing_;
  const std::optional<store::SourceIdentity> stored_;
  const bool changes_over_;
  State state_;
};

}  // namespace pipeline::sync
