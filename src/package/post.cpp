#include "pipeline/package/post.h"

#include "pipeline/base/text.h"

#include "media_files.h"
#include "post_fields.h"
#include "post_folder.h"
#include "text_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPostFile = "post.json";
constexpr std::string_view kBodyPlace = "$.body";

// The format of a body file; absent when the text is no name of one.
std::optional<BodyFormat> format_of_file(std::string_view body) {
  if (body.find_first_of(" \t\r\n<>") != std::string_view::npos) return std::nullopt;
  const auto dot = body.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view extension = body.substr(dot);
  if (equal_ignoring_case(extension, ".html") || equal_ignoring_case(extension, ".htm")) return BodyFormat::html;
  if (equal_ignoring_case(extension, ".md") || equal_ignoring_case(extension, ".markdown")) return BodyFormat::markdown;
  return std::nullopt;
}

// Reads a post piece by piece; all that is wrong is in the faults.
class Reader {
 public:
  Reader(Post& post, const PostFolder& folder, PostReading& reading)
      : post_(post), folder_(folder), faults_(reading.faults), notes_(reading.notes) {}

  void read() {
    const auto named = read_post_file();
    read_body_file();
    MediaFiles media = find_media(folder_);
    find_images(named, media.images);
    for (auto& video : media.videos) {
      post_.inputs.push_back(video.path);
      post_.videos.push_back({std::move(video.name), std::move(video.path)});
    }
    std::ranges::move(media.notes, std::back_inserter(notes_));
  }

 private:
  std::vector<NamedImage> read_post_file() {
    const auto file = folder_.find(kPostFile, kPostFile);
    const auto text = file ? folder_.read(*file, kPostFile) : std::nullopt;
    if (!text) return {};
    post_.inputs.push_back(file->path);
    JsonDocument document = parse_json(*text, kPostFile);
    const bool parsed = document.faults.empty() || !document.root.is_null();
    std::ranges::move(document.faults, std::back_inserter(faults_));
    std::vector<NamedImage> images;
    if (parsed) read_fields(document.root, post_, images, faults_);
    return images;
  }

  // Where the body is the name of a file, puts the file's text in its place.
  void read_body_file() {
    const auto format = format_of_file(post_.body);
    if (!format) return;
    post_.body_format = *format;
    post_.body_file = std::exchange(post_.body, {});
    const auto file = folder_.find(post_.body_file, kBodyPlace);
    const auto text = file ? folder_.read(*file, kBodyPlace) : std::nullopt;
    if (!text) return;
    if (const auto objection = text_objection(*text); !objection.empty())
      faults_.push_back({std::string(kBodyPlace), fmt::format("names {}, which {}", post_.body_file, objection)});
    post_.inputs.push_back(file->path);
    post_.body = *text;
  }

  void find_images(const std::vector<NamedImage>& named, std::vector<PostFolder::File>& files) {
    for (const auto& image : named) add_named(image);
    for (auto& file : files)
      if (!has_image(file.path)) add({std::move(file.name), std::move(file.path), {}, {}});
  }

  void add_named(const NamedImage& image) {
    auto file = folder_.find(image.file, image.file_place);
    if (!file) return;
    if (auto objection = picture_objection(*file); !objection.empty())
      faults_.push_back({image.file_place, std::move(objection)});
    else if (has_image(file->path))
      faults_.push_back({image.file_place, "names a picture that is listed before"});
    else
      add({std::move(file->name), std::move(file->path), image.alt, image.alt_place});
  }

  void add(PostImage image) {
    post_.inputs.push_back(image.path);
    post_.images.push_back(std::move(image));
  }

  [[nodiscard]] bool has_image(const fs::path& path) const {
    return std::ranges::find(post_.images, path, &PostImage::path) != post_.images.end();
  }

  Post& post_;
  const PostFolder& folder_;
  std::vector<Fault>& faults_;
  std::vector<std::string>& notes_;
};

// The last part of `posts/POST001/`, and of `.`.
std::string name_of(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::absolute(folder, error).lexically_normal();
  return displayed((whole.has_filename() ? whole : whole.parent_path()).filename().string());
}

}  // namespace

PostReading read_post(const fs::path& folder) {
  PostReading reading;
  Post post;
  post.folder = folder;
  if (const auto files = PostFolder::open(folder, reading.faults)) Reader(post, *files, reading).read();
  reading.has_content_id = !post.content_id.empty();
  reading.content_id = reading.has_content_id ? post.content_id : name_of(folder);
  reading.skus = post.skus;
  if (reading.has_content_id && !reading.skus.empty()) reading.post = std::move(post);
  return reading;
}

}  // namespace pipeline::package
