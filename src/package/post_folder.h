#pragma once

#include "pipeline/package/post.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

inline constexpr const char* kPostFile = "post.json";

// A post's folder, which no name leads out of: neither by `..`, nor as an absolute path, nor through a symbolic link.
// What is wrong goes to the faults. Borrows them.
class PostFolder {
 public:
  // Absent, with a fault, when it can't be opened.
  [[nodiscard]] static std::optional<PostFolder> open(const std::filesystem::path& folder, std::vector<Fault>& faults);

  [[nodiscard]] std::string name() const { return root_.filename().string(); }

  struct File {
    std::string name;            // relative to the folder, in its plainest form
    std::filesystem::path path;  // without links
  };

  // Whether find() would see something by the name, or object to it.
  [[nodiscard]] bool has(std::string_view name) const;
  // A file that is there, regular and readable; where nothing has the name, the one whose name is meant by it
  // (file_names.h). `place`: where its name is given, for the fault.
  [[nodiscard]] std::optional<File> find(std::string_view name, std::string_view place) const;
  // The text of such a file, in UTF-8 without byte order mark.
  [[nodiscard]] std::optional<std::string> read(const File& file, std::string_view place) const;
  // The names of the files in the folder itself.
  [[nodiscard]] std::vector<std::string> names() const;
  // All that stands directly in the folder, and in a folder of it, in natural order. A folder that can't be read is a
  // fault.
  struct Entry {
    std::string name;
    std::filesystem::path path;
    bool is_folder;
    bool is_plain;  // a regular file, and no link to one: it needs no looking up
  };
  [[nodiscard]] std::vector<std::string> folders() const;
  [[nodiscard]] std::vector<Entry> entries_in(std::string_view folder) const;
  // As the other does of a name; `name` is the entry's, relative to the folder.
  [[nodiscard]] std::optional<File> find(const Entry& entry, std::string name, std::string_view place) const;
  [[nodiscard]] bool is_folder(std::string_view name) const;
  [[nodiscard]] bool is_link(std::string_view name) const;
  void fault(std::string_view place, std::string what) const;

 private:
  [[nodiscard]] std::string likely(const std::filesystem::path& path) const;
  void fault_of(std::string_view name, std::string_view place, const std::string& what) const;
  PostFolder(std::filesystem::path root, std::vector<Fault>& faults) : root_(std::move(root)), faults_(&faults) {}

  [[nodiscard]] std::optional<File> readable(File file, std::string_view place) const;
  [[nodiscard]] std::optional<std::filesystem::path> plain_path(const std::filesystem::path& name) const;
  [[nodiscard]] std::optional<std::filesystem::path> resolve(std::string_view name, std::string_view place) const;
  [[nodiscard]] std::string spelled_on_disk(std::string_view name) const;

  std::filesystem::path root_;  // without links
  std::vector<Fault>* faults_;
};

}  // namespace pipeline::package
