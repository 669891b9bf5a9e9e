#include "extended_xmp.h"

#include "xmp.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace pipeline::media {
namespace {

constexpr std::size_t kGuid = 32;
constexpr std::size_t kTotal = 4;
constexpr std::size_t kOffset = 4;

std::string md5_of(std::string_view bytes) {
  std::array<unsigned char, 16> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no MD5");
  return fmt::format("{:02X}", fmt::join(digest, ""));
}

}  // namespace

bool ExtendedXmp::add(std::size_t at, std::size_t size) {
  constexpr std::size_t kHeader = kGuid + kTotal + kOffset;
  if (size < kHeader) return false;
  packets_[file_.substr(at, kGuid)].push_back(
      {file_.substr(at + kGuid + kTotal, kOffset), at + kHeader, size - kHeader});
  return true;
}

void ExtendedXmp::scrub(MetadataCollector& collector) {
  for (auto& [guid, pieces] : packets_) {
    std::ranges::stable_sort(pieces, {}, &Piece::offset);
    scrub(guid, pieces, collector);
  }
}

void ExtendedXmp::scrub(std::string_view guid, const std::vector<Piece>& pieces, MetadataCollector& collector) const {
  std::string packet;
  for (const auto& [offset, at, size] : pieces) {
    collector.count_work(size);
    packet += file_.substr(at, size);
  }
  const auto scrubbed = xmp_without_position(packet);
  if (!scrubbed) return;
  std::size_t taken = 0;
  for (const auto& [offset, at, size] : pieces) {
    collector.change(at, std::string_view(*scrubbed).substr(taken, size));
    taken += size;
  }
  if (guid != md5_of(packet)) return;  // nobody can have verified it
  const std::string new_guid = md5_of(*scrubbed);
  collector.count_work(file_.size());
  for (std::size_t at = file_.find(guid); at != std::string_view::npos; at = file_.find(guid, at + kGuid))
    collector.change(at, new_guid);
}

}  // namespace pipeline::media
