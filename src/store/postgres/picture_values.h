#pragma once

#include "pipeline/store/packages.h"

#include "values.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <span>

namespace pipeline::store::postgres {

// Pictures, as the columns of a statement.
struct PictureColumns {
  explicit PictureColumns(std::span<const PackedImage> images) {
    for (const PackedImage& image : images) {
      digests.add(image.sha256);
      hashes.add(std::bit_cast<std::int64_t>(image.perceptual_hash));
      looks.add(bytes_of(image.look));
    }
  }

  Column digests{Column::Type::bytes};
  Column hashes{Column::Type::number};
  Column looks{Column::Type::bytes};

 private:
  static std::optional<std::span<const std::uint8_t>> bytes_of(const std::string& look) noexcept {
    if (look.empty()) return std::nullopt;
    return std::span(reinterpret_cast<const std::uint8_t*>(look.data()), look.size());
  }
};

}  // namespace pipeline::store::postgres
