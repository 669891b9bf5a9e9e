#include "pipeline/catalogue/source_identity.h"

#include <fmt/format.h>

namespace pipeline::catalogue {

std::string to_text(const SourceIdentity& identity) {
  return fmt::format("application …{}{}", identity.client_id_end,
                     identity.account_id_end.empty() ? "" : fmt::format(", account …{}", identity.account_id_end));
}

}  // namespace pipeline::catalogue
