#pragma once

#include "pipeline/archive/zip_writer.h"

#include <cstdint>
#include <string>
#include <string_view>

// The records of a zip file, byte by byte; the numbers of sections are those of APPNOTE.TXT 6.3.10.
namespace pipeline::archive {

enum class Method : std::uint16_t { stored = 0, deflated = 8 };

struct Entry {
  std::string_view name;
  Method method = Method::stored;
  std::uint32_t crc = 0;
  std::uint64_t packed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  // of its local header
};

struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

[[nodiscard]] std::string local_header(const Entry& entry, const Zip64Marks& marks);
[[nodiscard]] std::string central_header(const Entry& entry, const Zip64Marks& marks);
[[nodiscard]] std::string end_records(const Directory& directory, const Zip64Marks& marks);

}  // namespace pipeline::archive
