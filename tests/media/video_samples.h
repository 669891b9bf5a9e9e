#pragma once

#include "pipeline/media/keyframes.h"

#include "support/temp_dir.h"
#include "support/videos.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pipeline::media::made {

using pipeline::test::DisplayMatrix;
using pipeline::test::kBlack;
using pipeline::test::kWhite;
using pipeline::test::make_video;
using pipeline::test::run_ffmpeg;
using pipeline::test::VideoRecipe;
using pipeline::test::with_display_matrix;

// A sample that several tests of this program look at: made once, in a folder that goes when the program ends.
[[nodiscard]] std::filesystem::path sample(const std::string& name, const VideoRecipe& recipe = {});
// The H.264 sample, or another, in another container or with other options, its packets copied.
[[nodiscard]] std::filesystem::path remuxed(const std::string& name, const std::vector<std::string>& output = {},
                                            const std::filesystem::path& source = sample("h264.mp4"));
[[nodiscard]] std::filesystem::path in_sample_folder(const std::string& name);
[[nodiscard]] std::filesystem::path written(const std::string& name, const std::string& bytes);

// extract_keyframes() on a clock that stands still, its workers on threads of their own.
[[nodiscard]] Keyframes extract(const std::filesystem::path& video, const KeyframeOptions& options = {});
void on_threads(std::size_t n, const std::function<void(std::size_t)>& task);

[[nodiscard]] std::vector<double> times_of(const Keyframes& keyframes);  // rounded to 1/100 s
[[nodiscard]] std::vector<std::string> jpegs_of(const Keyframes& keyframes);

}  // namespace pipeline::media::made
