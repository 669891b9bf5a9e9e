#pragma once

#include "pipeline/package/post.h"

#include "post_folder.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

enum class MediaKind { image, video };

// Told by the name, else by how the file begins: a camera's names are many. Absent: neither picture nor film.
[[nodiscard]] std::optional<MediaKind> media_kind_of(const PostFolder::File& file);
// `is no picture: …`, for a file that the author names as one; empty: it can be one.
[[nodiscard]] std::string picture_objection(const PostFolder::File& file);

// A post's pictures and films, in natural order.
struct MediaFiles {
  std::vector<PostFolder::File> images;
  std::vector<PostFolder::File> videos;
  std::vector<std::string> notes;  // what was left alone, and which folders were read beside each other
};

// Those in images/ and video/, and in folders that authors call otherwise: `Images`, `photos`, `사진`, `videos`,
// `동영상`. What phones, computers and servers lay beside pictures is left alone.
[[nodiscard]] MediaFiles find_media(const PostFolder& folder);

// Whether a folder of this name holds a post's pictures.
[[nodiscard]] bool is_picture_folder(std::string_view name);

}  // namespace pipeline::package
