#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/store/catalogue.h"

#include "connection.h"
#include "refresh_queue.h"
#include "result.h"
#include "values.h"

#include <span>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {

// Marks products of a source as removed, with their queue entries, as Catalogue says: in two round trips. All that it
// is given is borrowed.
class ProductRemover {
 public:
  ProductRemover(const Connection& connection, std::string_view source, std::span<const RemovalCandidate> products);

  // Marks them, and reads what waits for them.
  [[nodiscard]] std::vector<Statement> marking(std::string_view run_id) const;
  // By what marking() answered.
  void queue(std::span<const Result> answers, Written& written);
  // Adds the statements that do what is left to do.
  void write(std::vector<Statement>& statements);

 private:
  const std::string_view source_;
  const std::span<const RemovalCandidate> products_;
  const WallTime now_;
  RefreshQueue queue_;
  Column removed_{Column::Type::text};  // their SKUs
};

}  // namespace pipeline::store::postgres
