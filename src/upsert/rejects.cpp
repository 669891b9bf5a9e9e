#include "rejects.h"

#include "pipeline/base/log.h"

#include <fmt/core.h>

namespace pipeline::upsert {

Rejects::Rejects(const std::filesystem::path& file, metrics::Metrics& metrics)
    : rejected_(metrics.counter("rows_rejected_total")) {
  if (!file.empty()) out_.emplace(file);
}

void Rejects::add(const std::string& file, std::string_view header, std::int64_t line, const std::string& fault,
                  std::string_view original) {
  log::warn("{}:{}: rejected: {}", file, line, fault);
  const std::lock_guard lock(mutex_);
  ++rows_;
  rejected_.add();
  if (failures_.size() < kFailuresKept) failures_.push_back({file, line, fault});
  if (!out_ || original.empty()) return;
  write_header(file, header);
  out_->write(original);
  out_->write("\n");
}

void Rejects::add_piece(const std::string& file, std::string_view header, std::string_view piece, bool last) {
  const std::lock_guard lock(mutex_);
  if (!out_) return;
  write_header(file, header);
  out_->write(piece);
  if (last) out_->write("\n");
}

void Rejects::add_file(const std::string& file, const std::string& fault) {
  log::error("{}", fault);
  const std::lock_guard lock(mutex_);
  if (failures_.size() < kFailuresKept) failures_.push_back({file, 0, fault});
}

void Rejects::commit() {
  const std::lock_guard lock(mutex_);
  if (out_) out_->commit();
}

std::int64_t Rejects::rows() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}

std::vector<Failure> Rejects::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

void Rejects::write_header(const std::string& file, std::string_view header) {
  if (header.empty() || header_of_ == file) return;
  out_->write(header);
  out_->write("\n");
  header_of_ = file;
}

}  // namespace pipeline::upsert
