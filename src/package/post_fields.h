#pragma once

#include "pipeline/package/post.h"

#include "json_document.h"
#include "json_view.h"

#include <optional>
#include <string>
#include <vector>

namespace pipeline::package {

// What post.json says of a picture; whether there is such a file is another matter.
struct NamedImage {
  std::string file;
  std::string file_place;
  std::string alt;
  std::string alt_place;  // empty: no alt
};

// content_id and skus alone. The root is an object.
void read_names(const JsonView& root, Post& post);

// Fills those fields of the post that stand in post.json alone; `body` as it stands there, be it the name of a file.
// What breaks a rule goes to the faults, and its field is left as it was. content_id and title may be missing:
// something else may stand for them.
void read_fields(const Json& root, Post& post, std::vector<NamedImage>& images, std::vector<Fault>& faults);

// A title or tags of another place: they keep the same rules.
void take_title(std::string title, const std::string& place, Post& post, std::vector<Fault>& faults);
void take_tags(const std::vector<std::string>& tags, const std::string& place, Post& post, std::vector<Fault>& faults);

}  // namespace pipeline::package
