#include "pipeline/base/file.h"

#include "target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

// Each target on its corpus (corpus/<target>/), and on every input that fuzzing has found to break a promise before it
// was kept (found/<target>/).
namespace pipeline::fuzz {

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

namespace {

namespace fs = std::filesystem;

class Corpus : public testing::TestWithParam<Target> {};

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

TEST_P(Corpus, KeepsItsPromises) {
  const std::vector<fs::path> seeds = files_in(fs::path(FUZZ_INPUTS) / "corpus" / GetParam().name);
  EXPECT_FALSE(seeds.empty()) << "a target needs inputs to begin with";
  std::vector<fs::path> files = files_in(fs::path(FUZZ_INPUTS) / "found" / GetParam().name);
  files.insert(files.end(), seeds.begin(), seeds.end());
  for (const fs::path& file : files) {
    try {
      GetParam().run(read_file(file));
    } catch (const std::exception& e) {
      ADD_FAILURE() << file.string() << ": " << e.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Corpus, testing::ValuesIn(targets()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(CorpusFolders, BelongToTargets) {
  for (const char* kind : {"corpus", "found"})
    for (const fs::path& folder : files_in(fs::path(FUZZ_INPUTS) / kind))
      EXPECT_TRUE(std::ranges::any_of(targets(), [&](const Target& t) { return folder.filename() == t.name; }))
          << folder << " is of no target, and nobody reads it";
}

}  // namespace
}  // namespace pipeline::fuzz
