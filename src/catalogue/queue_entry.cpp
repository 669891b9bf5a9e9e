#include "pipeline/catalogue/queue_entry.h"

#include <array>

namespace pipeline::catalogue {
namespace {

constexpr std::array kStatuses = {QueueStatus::pending, QueueStatus::claimed, QueueStatus::done, QueueStatus::failed};

}  // namespace

std::string_view to_string(QueueStatus status) noexcept {
  switch (status) {
    case QueueStatus::pending:
      return "PENDING";
    case QueueStatus::claimed:
      return "CLAIMED";
    case QueueStatus::done:
      return "DONE";
    case QueueStatus::failed:
      return "FAILED";
  }
  return "";
}

std::optional<QueueStatus> parse_queue_status(std::string_view name) noexcept {
  for (const QueueStatus status : kStatuses)
    if (to_string(status) == name) return status;
  return std::nullopt;
}

}  // namespace pipeline::catalogue
