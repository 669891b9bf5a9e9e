#include "post_folder.h"

#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/text.h"

#include "encoding_guess.h"
#include "file_names.h"
#include "natural_order.h"
#include "text_rules.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace pipeline::package {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestText = std::uintmax_t{4} << 20U;

bool is_within(const fs::path& root, const fs::path& path) {
  return std::ranges::mismatch(root, path).in1 == root.end();
}

bool leads_out(const fs::path& name) {
  return name.is_absolute() || std::ranges::find(name, "..") != name.end();
}

std::string cannot_read(const std::error_code& error) {
  return "cannot be read: " + error.message();
}

// The names in a folder that are text, in order; none where it can't be read.
std::vector<std::string> entries_of(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (std::string name = entry->path().filename().string(); is_utf8(name)) names.push_back(std::move(name));
  std::ranges::sort(names, natural_less);
  return names;
}

// Why this user can't read it.
std::error_code denial(const fs::path& path) {
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0) return {};
  return {errno, std::generic_category()};
}

}  // namespace

std::optional<PostFolder> PostFolder::open(const fs::path& folder, std::vector<Fault>& faults) {
  std::error_code error;
  fs::path root = fs::canonical(folder, error);
  if (!error && !fs::is_directory(root, error) && !error) error = std::make_error_code(std::errc::not_a_directory);
  if (error) {
    faults.push_back({displayed(folder.string()), cannot_read(error)});
    return std::nullopt;
  }
  return PostFolder(std::move(root), faults);
}

void PostFolder::fault(std::string_view place, std::string what) const {
  faults_->push_back({std::string(place), std::move(what)});
}

// The path of a regular file when no part of it is a link: then nothing has to be resolved.
std::optional<fs::path> PostFolder::plain_path(const fs::path& name) const {
  if (leads_out(name)) return std::nullopt;
  fs::path path = root_;
  auto type = fs::file_type::directory;
  for (const fs::path& part : name.lexically_normal()) {
    if (type != fs::file_type::directory) return std::nullopt;
    std::error_code error;
    type = fs::symlink_status(path /= part, error).type();
  }
  return type == fs::file_type::regular ? std::optional(std::move(path)) : std::nullopt;
}

// The path without links, whether there is something or not.
std::optional<fs::path> PostFolder::resolve(std::string_view name, std::string_view place) const {
  const fs::path relative(name);
  if (leads_out(relative)) {
    fault_of(name, place, "must be a path within the post's folder, without `..`");
    return std::nullopt;
  }
  std::error_code error;
  fs::path path = fs::weakly_canonical(root_ / relative, error);
  if (error)
    fault_of(name, place, cannot_read(error));
  else if (!is_within(root_, path))
    fault_of(name, place, fmt::format("is a link that leaves the post's folder, to {}", displayed(path.string())));
  else
    return path;
  return std::nullopt;
}

// The name of what is there, part by part; the name itself where nothing is meant by it.
std::string PostFolder::spelled_on_disk(std::string_view name) const {
  std::string written(name);
  std::ranges::replace(written, '\\', '/');  // as Windows writes the way to a file
  fs::path found;
  for (const fs::path& part : fs::path(written)) {
    std::error_code error;
    if (fs::exists(root_ / found / part, error)) {
      found /= part;
    } else if (const auto meant = name_meant(part.string(), entries_of(root_ / found))) {
      found /= *meant;
    } else {
      return std::string(name);
    }
  }
  return found.string();
}

bool PostFolder::has(std::string_view name) const {
  std::error_code error;
  const fs::path path = root_ / spelled_on_disk(name);
  return leads_out(name) || fs::exists(fs::symlink_status(path, error)) ||
         !is_within(root_, fs::weakly_canonical(path, error));
}

// `: did you mean images/front.jpg?`: of that name in a folder of the post, else of nearly that name beside it.
std::string PostFolder::likely(const fs::path& path) const {
  const std::string name = path.filename().string();
  if (path.parent_path() == root_)
    for (const std::string& folder : entries_of(root_)) {
      std::error_code error;
      if (fs::is_regular_file(root_ / folder / name, error))
        return fmt::format(": did you mean {}?", displayed(folder + "/" + name));
    }
  std::vector<std::string> others = entries_of(path.parent_path());
  std::erase(others, name);  // a link to nothing
  return did_you_mean(name, others);
}

// Named by the place where its name is given, and by itself where that is another.
void PostFolder::fault_of(std::string_view name, std::string_view place, const std::string& what) const {
  const std::string shown = displayed(name);
  fault(place, place == shown ? what : fmt::format("{} {}", shown, what));
}

std::optional<PostFolder::File> PostFolder::readable(File file, std::string_view place) const {
  const auto denied = denial(file.path);
  if (!denied) return file;
  fault_of(file.name, place, cannot_read(denied));
  return std::nullopt;
}

std::optional<PostFolder::File> PostFolder::find(const Entry& entry, std::string name, std::string_view place) const {
  if (entry.is_plain) return readable({std::move(name), entry.path}, place);
  return find(name, place);
}

std::optional<PostFolder::File> PostFolder::find(std::string_view given, std::string_view place) const {
  if (auto path = plain_path(given))
    return readable({fs::path(given).lexically_normal().string(), std::move(*path)}, place);
  auto path = resolve(given, place);
  if (!path) return std::nullopt;
  std::error_code error;
  std::string name(given);
  if (!fs::exists(fs::symlink_status(*path, error))) {
    name = spelled_on_disk(given);
    path = resolve(name, place);
    if (!path) return std::nullopt;
  }
  const auto type = fs::status(*path, error).type();
  if (type == fs::file_type::not_found)
    fault_of(given, place, "does not exist" + likely(*path));
  else if (error)
    fault_of(given, place, cannot_read(error));
  else if (type != fs::file_type::regular)
    fault_of(given, place, type == fs::file_type::directory ? "is a folder, not a file" : "is no regular file");
  else
    return readable({fs::path(name).lexically_normal().string(), std::move(*path)}, place);
  return std::nullopt;
}

std::vector<std::string> PostFolder::names() const {
  std::vector<std::string> names;
  for (std::string& name : entries_of(root_)) {
    std::error_code error;
    if (fs::is_regular_file(root_ / name, error)) names.push_back(std::move(name));
  }
  return names;
}

std::optional<std::string> PostFolder::read(const File& file, std::string_view place) const {
  std::error_code error;
  if (const auto size = fs::file_size(file.path, error); !error && size > kLargestText) {
    fault(place,
          fmt::format("is too large, {} bytes; at most {} are taken", format_count(size), format_count(kLargestText)));
    return std::nullopt;
  }
  std::string text;
  try {
    text = read_file(file.path);
  } catch (const Error& failure) {
    fault(place, failure.what());
    return std::nullopt;
  }
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (const auto sound = utf8_prefix(text); sound < text.size()) {
    fault(place, fmt::format("is not UTF-8 at {}{}", describe(position_of(text, sound)), encoding_advice(text)));
    return std::nullopt;
  }
  return text;
}

std::vector<std::string> PostFolder::folders() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::ranges::sort(names, natural_less);
  return names;
}

bool PostFolder::is_folder(std::string_view name) const {
  std::error_code error;
  return fs::is_directory(root_ / name, error);
}

bool PostFolder::is_link(std::string_view name) const {
  std::error_code error;
  return fs::is_symlink(root_ / name, error);
}

std::vector<PostFolder::Entry> PostFolder::entries_in(std::string_view folder) const {
  const auto path = resolve(folder, folder);
  if (!path) return {};
  std::error_code error;
  std::error_code unknown;
  std::vector<Entry> entries;
  // What kind it is, the folder itself tells of most.
  for (fs::directory_iterator entry(*path, error), end; !error && entry != end; entry.increment(error))
    entries.push_back({entry->path().filename().string(), entry->path(), entry->is_directory(unknown),
                       !entry->is_symlink(unknown) && entry->is_regular_file(unknown)});
  if (error) {
    fault(folder, cannot_read(error));
    return {};
  }
  std::ranges::sort(entries, natural_less, &Entry::name);
  return entries;
}

}  // namespace pipeline::package
