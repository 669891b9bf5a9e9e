#pragma once

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/task_pool.h"
#include "pipeline/media/keyframes.h"
#include "pipeline/package/body.h"
#include "pipeline/package/documents.h"
#include "pipeline/package/package.h"
#include "pipeline/package/picture.h"
#include "pipeline/package/post.h"
#include "pipeline/store/packages.h"

#include "live_values.h"
#include "package_metrics.h"
#include "picture_line.h"
#include "turns.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::package {

// Where a post's packages go.
struct PackagePaths {
  std::filesystem::path naver;
  std::filesystem::path unique;
};

// What all posts of a run share.
struct Workshop {
  const Options& options;
  const Services& services;
  TaskPool& pool;
  PackageMetrics& metrics;
};

// Makes both packages of one post. They get their names when all is well, one right after the other.
class PostPacker {
 public:
  PostPacker(const Workshop& shop, const Post& post, const std::vector<catalogue::Product>& products,
             const LiveValues& values, PackagePaths paths, Turn& turn);

  // Adds to the faults of the post what it finds; its turn ends. Throws Error when the archives can't be written, and
  // what Turn throws.
  void pack(std::vector<Fault>& faults);
  // Of a post without faults: completes both archives and gives them their names, most of it waiting for the disk.
  // Throws the same.
  void publish();

  // Of the pack, also of a post with faults.
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
  [[nodiscard]] int selected_images() const noexcept;
  [[nodiscard]] int selected_keyframes() const noexcept;
  [[nodiscard]] const std::vector<store::PackedImage>& selected() const noexcept { return selected_; }
  [[nodiscard]] std::uint64_t naver_bytes() const noexcept { return naver_ ? naver_->size() : 0; }
  // Of the Naver package's manifest, which has the digest of each file: equal packages have the same.
  [[nodiscard]] const Sha256& digest() const noexcept { return digest_; }
  [[nodiscard]] std::uint64_t unique_bytes() const noexcept { return unique_ ? unique_->size() : 0; }

 private:
  void extract_keyframes();
  void add_video(const std::string& file, media::Keyframes found);
  void pack_images();
  void pack_image(std::size_t number, ExaminedPicture examined);
  [[nodiscard]] std::string alt_of(std::size_t number);
  void pack_keyframes();
  void note_gone_posts();
  void apply_rules();
  void write_texts();
  void name_archives();
  [[nodiscard]] std::optional<Duplicate> duplicate_of(const Picture& picture) const;
  void select(const Picture& picture);
  void check_interrupted() const;
  [[nodiscard]] Content content() const;

  const Workshop shop_;
  const Post& post_;
  const std::vector<catalogue::Product>& products_;
  const PackagePaths paths_;
  const metrics::Tags tags_;
  Turn& turn_;

  const Body body_;
  std::vector<Fault> faults_;
  std::vector<std::string> notes_;
  std::vector<Picture> images_;
  std::vector<Picture> keyframes_;
  std::vector<std::string> keyframe_files_;  // their bytes
  std::vector<VideoResult> videos_;
  std::vector<store::PackedImage> selected_;
  std::vector<std::string> selected_sources_;  // the same, by source
  std::vector<ManifestFile> manifest_;
  Sha256 digest_{};
  std::optional<archive::ZipWriter> naver_;  // absent in a check, as the other
  std::optional<archive::ZipWriter> unique_;
};

}  // namespace pipeline::package
