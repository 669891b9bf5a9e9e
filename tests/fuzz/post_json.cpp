#include "pipeline/base/text.h"
#include "pipeline/package/post.h"

#include "package/content_id.h"
#include "package/post_fields.h"
#include "target.h"

using namespace pipeline;

FUZZ_TARGET(post_json) {
  if (!is_utf8(input)) return;  // refused before
  const package::JsonDocument document = package::parse_json(input, "post.json");
  std::vector<package::Fault> faults = document.faults;
  package::Post post;
  std::vector<package::NamedImage> images;
  if (faults.empty() || !document.root.is_null()) package::read_fields(document.root, post, images, faults);
  for (const package::Fault& fault : faults) {
    fuzz::require(!fault.place.empty() && !fault.what.empty(), "a fault has a place and a reason");
    fuzz::require(is_utf8(fault.place) && is_utf8(fault.what), "a fault can be printed");
  }
  for (const std::string& note : document.notes) fuzz::require(is_utf8(note), "a note can be printed");
  const bool sound = faults.empty();
  fuzz::require(!sound || !document.root.contains("content_id") || !post.content_id.empty(), "an id is taken");
  fuzz::require(post.content_id.empty() || package::is_content_id(post.content_id), "an id can be a file's name");
  fuzz::require(!sound || !document.root.contains("title") || !post.title.empty(), "and so is a title");
  fuzz::require(!sound || !post.skus.empty(), "and there is a product");
  fuzz::require(package::is_content_id(package::content_id_of_folder(input)), "an id can be made of any name");
}
