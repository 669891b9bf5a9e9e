#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace pipeline::emulator {

// Rendered bodies by product number and version, gzipped or not. Dropped as a whole when they grow beyond the limit:
// runs read each product about once, so no order of eviction would be better. Not thread-safe.
class RenderCache {
 public:
  using Body = std::shared_ptr<const std::string>;

  explicit RenderCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  [[nodiscard]] Body find(std::int64_t number, std::uint32_t version) const {
    const auto found = entries_.find(number);
    return found == entries_.end() || found->second.version != version ? nullptr : found->second.body;
  }

  void put(std::int64_t number, std::uint32_t version, Body body) {
    if (bytes_ + body->size() > max_bytes_) {
      entries_.clear();
      bytes_ = 0;
    }
    Entry& entry = entries_[number];
    if (entry.body) bytes_ -= entry.body->size();
    bytes_ += body->size();
    entry = {version, std::move(body)};
  }

 private:
  struct Entry {
    std::uint32_t version = 0;
    Body body;
  };

  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::int64_t, Entry> entries_;
};

}  // namespace pipeline::emulator
