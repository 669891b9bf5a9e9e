#include "media_files.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/file.h"
#include "pipeline/base/text.h"

#include "text_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <utility>

namespace pipeline::package {
namespace {

using namespace std::string_view_literals;
namespace fs = std::filesystem;

constexpr std::array kImageFolders{"images"sv, "image"sv, "photos"sv, "photo"sv, "pictures"sv, "사진"sv, "이미지"sv};
constexpr std::array kVideoFolders{"video"sv, "videos"sv, "movies"sv, "동영상"sv, "영상"sv, "비디오"sv};

constexpr std::array kImageExtensions{".jpg"sv, ".jpeg"sv, ".jpe"sv,  ".jfif"sv, ".png"sv, ".webp"sv,
                                      ".gif"sv, ".heic"sv, ".heif"sv, ".hif"sv,  ".avif"sv};
constexpr std::array kVideoExtensions{".mp4"sv, ".m4v"sv, ".mov"sv,  ".webm"sv, ".mkv"sv, ".avi"sv,
                                      ".3gp"sv, ".mts"sv, ".m2ts"sv, ".wmv"sv,  ".mpg"sv, ".mpeg"sv};

constexpr std::string_view kTakenPictures = "jpg, png, webp, gif, heic and avif are taken";

std::string_view extension_of(std::string_view name) {
  return name.substr(std::min(name.rfind('.'), name.size()));
}

// What file managers leave in every folder: nobody means it.
bool is_left_by_system(std::string_view name) noexcept {
  return name.starts_with('.') || equal_ignoring_case(name, "Thumbs.db") || equal_ignoring_case(name, "desktop.ini");
}

std::string beginning_of(const fs::path& file) {
  constexpr std::size_t kEnough = 400;  // two packets of a transport stream
  std::string bytes(kEnough, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

std::optional<MediaKind> kind_by_content(const fs::path& file) {
  const std::string bytes = beginning_of(file);
  const std::string_view start = bytes;
  for (const auto magic : {"\xFF\xD8\xFF"sv, "\x89PNG\r\n"sv, "GIF8"sv})
    if (start.starts_with(magic)) return MediaKind::image;
  if (start.starts_with("RIFF") && start.substr(0, 12).ends_with("WEBP")) return MediaKind::image;
  if (start.substr(0, 8).ends_with("ftyp")) {
    const std::string_view brand = start.substr(8, 4);
    const bool picture = brand.starts_with("he") || brand == "mif1" || brand == "msf1" || brand.starts_with("avi");
    return picture ? MediaKind::image : MediaKind::video;
  }
  for (const auto magic : {"\x1A\x45\xDF\xA3"sv, "\x30\x26\xB2\x75"sv, "\0\0\1\xBA"sv, "FLV\1"sv})
    if (start.starts_with(magic)) return MediaKind::video;
  if (start.starts_with("RIFF") && start.substr(0, 12).ends_with("AVI ")) return MediaKind::video;
  // Packets of 188 bytes, each behind a time of 4 on the disks of camcorders.
  for (const auto& [first, packet] : {std::pair(0UL, 188UL), std::pair(4UL, 192UL)})
    if (start.size() > first + packet && start[first] == 'G' && start[first + packet] == 'G') return MediaKind::video;
  return std::nullopt;
}

// What is a picture all the same, of a kind that no blog takes; empty: it is none.
std::string_view other_picture(std::string_view name) {
  constexpr auto kKinds =
      std::to_array<std::pair<std::string_view, std::string_view>>({{".bmp", "a BMP picture"},
                                                                    {".tif", "a TIFF picture"},
                                                                    {".tiff", "a TIFF picture"},
                                                                    {".svg", "an SVG drawing"},
                                                                    {".jxl", "a JPEG XL picture"},
                                                                    {".jp2", "a JPEG 2000 picture"},
                                                                    {".dng", "a camera raw picture"},
                                                                    {".cr2", "a camera raw picture"},
                                                                    {".cr3", "a camera raw picture"},
                                                                    {".nef", "a camera raw picture"},
                                                                    {".arw", "a camera raw picture"},
                                                                    {".orf", "a camera raw picture"},
                                                                    {".rw2", "a camera raw picture"},
                                                                    {".psd", "a Photoshop document"}});
  for (const auto& [extension, kind] : kKinds)
    if (equal_ignoring_case(extension_of(name), extension)) return kind;
  return {};
}

// The same of films: some that editors keep, and those of others' players.
bool is_other_film(std::string_view name) {
  constexpr std::array kOthers{".ogv"sv, ".ogm"sv,  ".rm"sv,   ".rmvb"sv, ".mxf"sv, ".dv"sv,  ".nut"sv,
                               ".y4m"sv, ".h264"sv, ".h265"sv, ".hevc"sv, ".swf"sv, ".braw"sv};
  return is_one_of(extension_of(name), kOthers);
}

std::string stem_of(std::string_view name) {
  return to_nfc(name.substr(0, name.rfind('.')));
}

// Fills the lists from the post's folders.
class Finder {
 public:
  explicit Finder(const PostFolder& folder) : folder_(folder) {}

  MediaFiles run() {
    const auto names = folder_.folders();
    look_into(names, kImageFolders, MediaKind::image);
    look_into(names, kVideoFolders, MediaKind::video);
    leave_live_photos();
    tell_of_media_elsewhere(names);
    if (!left_.empty())
      found_.notes.push_back(fmt::format("{} {} neither picture nor film: left alone", fmt::join(left_, ", "),
                                         left_.size() == 1 ? "is" : "are"));
    return std::move(found_);
  }

 private:
  void look_into(const std::vector<std::string>& folders, std::span<const std::string_view> known, MediaKind kind) {
    std::vector<std::string> read;
    for (const std::string& folder : folders)
      if (is_one_of(to_nfc(folder), known)) read.push_back(folder);
    for (const std::string& folder : read)
      for (const PostFolder::Entry& entry : folder_.entries_in(folder))
        if (!is_left_by_system(entry.name)) take(folder, entry, kind);
    if (read.size() > 1)
      found_.notes.push_back(fmt::format("{} are all folders of {}: each was read", fmt::join(read, ", "),
                                         kind == MediaKind::image ? "pictures" : "films"));
  }

  void take(const std::string& folder, const PostFolder::Entry& entry, MediaKind expected) {
    const std::string relative = fmt::format("{}/{}", folder, entry.name);
    const std::string place = displayed(relative);
    if (!is_utf8(entry.name)) return folder_.fault(place, "has a name that is not UTF-8; rename it");
    if (entry.is_folder) return left_.push_back(place);
    auto file = folder_.find(entry, relative, place);
    if (!file) return;
    const auto kind = media_kind_of(*file);
    if (kind == MediaKind::image && expected == MediaKind::image)
      found_.images.push_back(std::move(*file));
    else if (kind == MediaKind::video)
      found_.videos.push_back(std::move(*file));
    else if (const auto other = other_picture(entry.name); !other.empty() && expected == MediaKind::image)
      found_.notes.push_back(fmt::format("{} is {}, which is not taken: save it as JPEG", place, other));
    else if (kind == MediaKind::image)
      found_.notes.push_back(
          fmt::format("{} is a picture in a folder of films, which is not taken: put it into images/", place));
    else if (is_other_film(entry.name))
      found_.notes.push_back(fmt::format("{} is a film of a kind that is not taken: save it as MP4", place));
    else
      left_.push_back(place);
  }

  // A folder of another name, or the post's own: nothing in it is read, and its author may think otherwise.
  void tell_of_media_elsewhere(const std::vector<std::string>& folders) {
    std::vector<std::string> elsewhere;
    for (const std::string& name : folders) {
      const bool is_read = is_one_of(to_nfc(name), kImageFolders) || is_one_of(to_nfc(name), kVideoFolders);
      if (is_read || folder_.is_link(name) || is_left_by_system(name) || name.starts_with('@') ||
          name.starts_with("__") || !is_utf8(name))
        continue;
      if (folder_.is_folder(name) ? has_media(name) : has_media_extension(name)) elsewhere.push_back(displayed(name));
    }
    if (!elsewhere.empty())
      found_.notes.push_back(fmt::format("{}: pictures and films there are not read: put them into images/ or video/",
                                         fmt::join(elsewhere, ", ")));
  }

  [[nodiscard]] bool has_media(const std::string& folder) const {
    return std::ranges::any_of(folder_.entries_in(folder), [](const PostFolder::Entry& entry) {
      return !is_left_by_system(entry.name) && has_media_extension(entry.name);
    });
  }
  static bool has_media_extension(std::string_view name) {
    return is_one_of(extension_of(name), kImageExtensions) || is_one_of(extension_of(name), kVideoExtensions);
  }

  // A phone lays the seconds around a picture beside it, as a film of the same name.
  void leave_live_photos() {
    const auto belongs = [&](const PostFolder::File& video) {
      return std::ranges::any_of(found_.images, [&](const auto& image) {
        return equal_ignoring_case(stem_of(image.name), stem_of(video.name));
      });
    };
    for (const auto& video : found_.videos)
      if (belongs(video))
        found_.notes.push_back(fmt::format("{} is the moving part of a picture (Live Photo): left alone", video.name));
    std::erase_if(found_.videos, belongs);
  }

  const PostFolder& folder_;
  MediaFiles found_;
  std::vector<std::string> left_;
};

}  // namespace

std::optional<MediaKind> media_kind_of(const PostFolder::File& file) {
  const std::string_view extension = extension_of(file.name);
  if (is_one_of(extension, kImageExtensions)) return MediaKind::image;
  if (is_one_of(extension, kVideoExtensions)) return MediaKind::video;
  return kind_by_content(file.path);
}

std::string picture_objection(const PostFolder::File& file) {
  return media_kind_of(file) == MediaKind::image ? "" : fmt::format("is no picture: {}", kTakenPictures);
}

MediaFiles find_media(const PostFolder& folder) {
  return Finder(folder).run();
}

bool is_picture_folder(std::string_view name) {
  return is_one_of(to_nfc(name), kImageFolders);
}

}  // namespace pipeline::package
