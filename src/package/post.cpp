#include "pipeline/package/post.h"

#include "pipeline/base/characters.h"

#include "body_files.h"
#include "content_id.h"
#include "front_matter.h"
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

constexpr std::string_view kBodyPlace = "$.body";

// Reads a post piece by piece; all that is wrong is in the faults.
class Reader {
 public:
  Reader(PostReading& reading, Post& post, const PostFolder& folder)
      : post_(post), folder_(folder), faults_(reading.faults), notes_(reading.notes) {}

  void read() {
    const JsonDocument document = read_post_file();
    std::vector<NamedImage> named;
    if (!document.root.is_discarded()) read_fields(document.root, post_, named, faults_);
    const FrontMatter front = read_body_file();
    if (document.root.is_object()) {
      complete(document.root, front);
      complete_content_id(document.root);
    }
    MediaFiles media = find_media(folder_);
    find_images(named, media.images);
    for (auto& video : media.videos) {
      post_.inputs.push_back(video.path);
      post_.videos.push_back({std::move(video.name), std::move(video.path)});
    }
    std::ranges::move(media.notes, std::back_inserter(notes_));
  }

  void read_names_alone() {
    const JsonDocument document = read_post_file();
    if (!document.root.is_object()) return;
    read_names({document.root, faults_}, post_);
    complete_content_id(document.root);
  }

 private:
  // Its root is discarded where there is nothing to be read.
  JsonDocument read_post_file() {
    JsonDocument document;
    document.root = Json(Json::value_t::discarded);
    const auto file = folder_.find(kPostFile, kPostFile);
    const auto text = file ? folder_.read(*file, kPostFile) : std::nullopt;
    if (!text) return document;
    post_.inputs.push_back(file->path);
    document = parse_json(*text, kPostFile);
    if (document.root.is_null() && !document.faults.empty()) document.root = Json(Json::value_t::discarded);
    std::ranges::move(document.faults, std::back_inserter(faults_));
    std::ranges::move(document.notes, std::back_inserter(notes_));
    return document;
  }

  // Where the body is the name of a file, puts the file's text in its place; what stands before a Markdown text to tell
  // of it is no part of it.
  FrontMatter read_body_file() {
    const std::string body(trim_blanks(post_.body));
    const auto named = body_file_of(body);
    if (!named || (named->may_be_text && !folder_.has(body))) {
      if (const auto meant = meant_body_file(body, folder_.names()); !meant.empty())
        faults_.push_back({std::string(kBodyPlace), fmt::format("{} is no file{}", displayed(body), meant)});
      return {};
    }
    post_.body = body;
    post_.body_format = named->format.value_or(BodyFormat::html);
    post_.body_file = std::exchange(post_.body, {});
    if (!named->format) {
      faults_.push_back({std::string(kBodyPlace), fmt::format("{} {}{}", post_.body_file, named->objection,
                                                              body_file_suggestion(post_.body_file, folder_.names()))});
      return {};
    }
    if (!folder_.has(post_.body_file)) {
      faults_.push_back({std::string(kBodyPlace), fmt::format("{} does not exist{}", displayed(post_.body_file),
                                                              body_file_suggestion(post_.body_file, folder_.names()))});
      return {};
    }
    const auto file = folder_.find(post_.body_file, kBodyPlace);
    const auto text = file ? folder_.read(*file, kBodyPlace) : std::nullopt;
    if (!text) return {};
    post_.body_file = file->name;
    if (const auto objection = text_objection(*text); !objection.empty())
      faults_.push_back({std::string(kBodyPlace), fmt::format("names {}, which {}", post_.body_file, objection)});
    post_.inputs.push_back(file->path);
    FrontMatter front;
    if (named->format == BodyFormat::markdown) front = read_front_matter(*text);
    post_.body = text->substr(front.size);
    post_.body_line = position_of(*text, front.size).line;
    if (front.size > 0 && trim_blanks(post_.body).empty())
      faults_.push_back({std::string(kBodyPlace),
                         fmt::format("names {}, which has nothing behind its front matter", post_.body_file)});
    if (!front.note.empty()) notes_.push_back(fmt::format("{} {}", post_.body_file, front.note));
    return front;
  }

  // What post.json lacks and something else tells.
  void complete(const Json& root, const FrontMatter& front) {
    if (!root.contains("title")) {
      if (front.title)
        take_title(*front.title, post_.body_file + ", title", post_, faults_);
      else
        faults_.push_back({"$.title", "is missing"});
    }
    if (!root.contains("tags")) take_tags(front.tags, post_.body_file + ", tags", post_, faults_);
  }

  void complete_content_id(const Json& root) {
    if (root.contains("content_id")) return;
    post_.content_id = content_id_of_folder(folder_.name());
    notes_.push_back(
        fmt::format("post.json has no content_id: {}, made of the folder's name, stands for it; write it "
                    "down before the folder is renamed",
                    post_.content_id));
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
    const auto is_same = [&](const PostImage& image) { return image.path.native() == path.native(); };
    return std::ranges::any_of(post_.images, is_same);
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

PostReading read(const fs::path& folder, void (Reader::*how)(), Post& post) {
  PostReading reading;
  if (const auto files = PostFolder::open(folder, reading.faults)) {
    Reader reader(reading, post, *files);
    (reader.*how)();
  }
  reading.has_content_id = !post.content_id.empty();
  reading.content_id = reading.has_content_id ? post.content_id : name_of(folder);
  reading.skus = post.skus;
  return reading;
}

}  // namespace

PostReading read_post(const fs::path& folder) {
  Post post;
  post.folder = folder;
  PostReading reading = read(folder, &Reader::read, post);
  if (reading.has_content_id && !reading.skus.empty()) reading.post = std::move(post);
  return reading;
}

PostNames read_post_names(const fs::path& folder) {
  Post post;
  return read(folder, &Reader::read_names_alone, post);
}

}  // namespace pipeline::package
