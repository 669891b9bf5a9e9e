#include "picture_metadata.h"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace pipeline::test {
namespace {

enum class Kind : std::uint16_t { byte = 1, ascii = 2, u16 = 3, u32 = 4, rational = 5, undefined = 7 };

// One image file directory: entries of twelve bytes, and behind them the values that do not fit into four.
class Directory {
 public:
  explicit Directory(bool big_endian) : big_endian_(big_endian) {}

  void add(std::uint16_t tag, Kind kind, std::size_t count, std::string value) {
    entries_.push_back({tag, kind, count, std::move(value)});
  }
  void add_ascii(std::uint16_t tag, std::string text) {
    text.push_back('\0');
    add(tag, Kind::ascii, text.size(), text);
  }
  void add_number(std::uint16_t tag, Kind kind, std::uint32_t value) {
    add(tag, kind, 1, number(value, kind == Kind::u16 ? 2 : 4));
  }
  void add_degrees(std::uint16_t tag, double degrees) {
    const double minutes = (degrees - std::floor(degrees)) * 60;
    std::string value;
    for (const double part : {std::floor(degrees), minutes, 0.0})
      value += number(static_cast<std::uint32_t>(part), 4) + number(1, 4);
    add(tag, Kind::rational, 3, value);
  }

  [[nodiscard]] std::size_t size() const {
    std::size_t size = 2 + entries_.size() * 12 + 4;
    for (const Entry& entry : entries_)
      if (entry.value.size() > 4) size += padded(entry.value.size());
    return size;
  }

  // As it lies at this offset of the structure.
  [[nodiscard]] std::string bytes(std::size_t offset, std::size_t next) const {
    std::string head = number(entries_.size(), 2);
    std::string values;
    const std::size_t values_at = offset + 2 + entries_.size() * 12 + 4;
    for (const auto& [tag, kind, count, value] : entries_) {
      head += number(tag, 2) + number(static_cast<std::uint16_t>(kind), 2) + number(count, 4);
      std::string field = value;
      if (value.size() > 4) {
        field = number(values_at + values.size(), 4);
        values += value;
        values.resize(padded(values.size()), '\0');
      }
      field.resize(4, '\0');
      head += field;
    }
    return head + number(next, 4) + values;
  }

  [[nodiscard]] std::string number(std::size_t value, int bytes) const {
    std::string out;
    for (int i = 0; i < bytes; ++i) {
      const int shift = 8 * (big_endian_ ? bytes - 1 - i : i);
      out.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
    }
    return out;
  }

 private:
  struct Entry {
    std::uint16_t tag;
    Kind kind;
    std::size_t count;
    std::string value;
  };
  static std::size_t padded(std::size_t size) { return size + size % 2; }

  bool big_endian_;
  std::vector<Entry> entries_;
};

Directory gps(bool big_endian) {
  Directory directory(big_endian);
  directory.add(0, Kind::byte, 4, std::string("\2\3\0\0", 4));
  directory.add_ascii(1, "N");
  directory.add_degrees(2, kLatitude);
  directory.add_ascii(3, "E");
  directory.add_degrees(4, kLongitude);
  directory.add_ascii(29, "2026:11:22");
  return directory;
}

Directory details(bool big_endian) {
  Directory directory(big_endian);
  directory.add_ascii(0x9003, "2026:11:22 10:30:00");
  std::string note = "TESTNOTE";
  for (int i = 0; i < 200; ++i) note.push_back(static_cast<char>(i));
  directory.add(0x927C, Kind::undefined, note.size(), note);
  return directory;
}

}  // namespace

std::string exif_of(const Metadata& metadata) {
  if (!metadata.camera && metadata.orientation == 0 && !metadata.exif_position && !metadata.xmp_position) return {};
  constexpr std::size_t kFirst = 8;
  const bool big = metadata.big_endian;
  const std::string thumbnail = encode(draw({}, 32, 24));
  const Directory detail = details(big);
  const Directory position = gps(big);

  // Laid out twice: the offsets are numbers of a fixed size, so the first pass finds out where things lie.
  std::size_t detail_at = 0;
  std::size_t position_at = 0;
  std::size_t thumbnail_directory_at = 0;
  std::string out;
  for (int pass = 0; pass < 2; ++pass) {
    Directory main(big);
    main.add_ascii(0x010F, "Sample Cameras");
    main.add_ascii(0x0110, "Model 1");
    if (metadata.orientation != 0) main.add_number(0x0112, Kind::u16, static_cast<std::uint32_t>(metadata.orientation));
    main.add_number(0x8769, Kind::u32, static_cast<std::uint32_t>(detail_at));
    if (metadata.exif_position) main.add_number(0x8825, Kind::u32, static_cast<std::uint32_t>(position_at));

    Directory small(big);
    small.add_number(0x0103, Kind::u16, 6);
    small.add_number(0x0201, Kind::u32, static_cast<std::uint32_t>(thumbnail_directory_at + 2 + 3 * 12 + 4));
    small.add_number(0x0202, Kind::u32, static_cast<std::uint32_t>(thumbnail.size()));

    out = (big ? "MM" : "II") + main.number(42, 2) + main.number(kFirst, 4);
    out += main.bytes(kFirst, thumbnail_directory_at);
    detail_at = out.size();
    out += detail.bytes(detail_at, 0);
    if (metadata.exif_position) {
      position_at = out.size();
      out += position.bytes(position_at, 0);
    }
    thumbnail_directory_at = out.size();
    out += small.bytes(thumbnail_directory_at, 0) + thumbnail;
  }
  return out;
}

std::string xmp_of(const Metadata& metadata) {
  if (!metadata.xmp_position) return {};
  return R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:CreatorTool="Sample Tool" exif:GPSLatitude="37,30.0N" exif:GPSLongitude="126,45.0E">
<exif:GPSAltitude>380/10</exif:GPSAltitude>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>)";
}

}  // namespace pipeline::test
