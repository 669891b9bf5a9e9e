#pragma once

#include "support/process.h"

#include <zip.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::archive {

using Entries = std::vector<std::pair<std::string, std::string>>;  // name and bytes, in the archive's order

// All that is in a zip file, by libzip, which checks every CRC.
inline Entries read_zip(const std::filesystem::path& path) {
  const auto discard = [](zip_t* zip) { ::zip_discard(zip); };
  const std::unique_ptr<zip_t, decltype(discard)> zip(::zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr),
                                                      discard);
  if (!zip) throw std::runtime_error("no sound zip file: " + path.string());
  Entries entries;
  for (zip_int64_t i = 0; i < ::zip_get_num_entries(zip.get(), 0); ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    zip_stat_t status;
    if (::zip_stat_index(zip.get(), index, 0, &status) != 0) throw std::runtime_error("zip_stat_index");
    std::string bytes(status.size, '\0');
    zip_file_t* file = ::zip_fopen_index(zip.get(), index, 0);
    const bool whole = ::zip_fread(file, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size());
    char beyond = 0;
    const bool ended = ::zip_fread(file, &beyond, 1) == 0;  // here the CRC is compared
    ::zip_fclose(file);
    if (!whole || !ended) throw std::runtime_error("cannot unpack " + std::string(status.name));
    entries.emplace_back(status.name, std::move(bytes));
  }
  return entries;
}

inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

// What a program of the system says of it.
inline test::Outcome run(std::vector<std::string> command, const std::filesystem::path& folder) {
  command.insert(command.begin(), "/usr/bin/env");
  return test::Process(command, {{"LC_ALL", "C.UTF-8"}}, folder).wait();
}

}  // namespace pipeline::archive
