#include "pipeline/catalogue/queue_entry.h"

#include "pipeline/base/names.h"

namespace pipeline::catalogue {
namespace {

constexpr auto kStatuses = names_of<QueueStatus>("PENDING", "CLAIMED", "DONE", "FAILED");

}  // namespace

std::string_view to_string(QueueStatus status) noexcept {
  return kStatuses[status];
}

std::optional<QueueStatus> parse_queue_status(std::string_view name) noexcept {
  return kStatuses.find(name);
}

}  // namespace pipeline::catalogue
