#include "pipeline/package/documents.h"

#include "json_output.h"

namespace pipeline::package {

std::string manifest_json(const std::string& content_id, std::span<const ManifestFile> files) {
  Json list = Json::array();
  for (const ManifestFile& file : files)
    list.push_back({{"name", file.name}, {"size", file.size}, {"sha256", to_hex(file.sha256)}});
  return document_of({{"content_id", content_id}, {"files", std::move(list)}});
}

}  // namespace pipeline::package
