#pragma once

#include "pipeline/base/file.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/upsert/upsert.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

// What could not be used: each row is logged with its file, line and reason, and written as it came to the reject file,
// which can be mended and fed again (a CSV row has its file's header before it). Thread-safe. The file appears with
// commit(), empty when nothing was rejected, so that an old one never passes for this run's.
class Rejects {
 public:
  // An empty path: no file. Throws Error when it can't be written, as do the others.
  Rejects(const std::filesystem::path& file, metrics::Metrics& metrics);

  void add(const std::string& file, std::string_view header, std::int64_t line, const std::string& fault,
           std::string_view original);
  // A row that was too long to hold comes piece by piece; add() tells of it then, with an empty `original`.
  void add_piece(const std::string& file, std::string_view header, std::string_view piece, bool last);
  // A whole input that can't be read (further).
  void add_file(const std::string& file, const std::string& fault);

  void commit();

  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] std::vector<Failure> failures() const;  // the first kFailuresKept

 private:
  void write_header(const std::string& file, std::string_view header);

  mutable std::mutex mutex_;
  std::optional<AtomicFile> out_;  // under mutex_, as is all below
  std::string header_of_;          // the file whose header was written last
  std::int64_t rows_ = 0;
  std::vector<Failure> failures_;
  metrics::Counter rejected_;
};

}  // namespace pipeline::upsert
