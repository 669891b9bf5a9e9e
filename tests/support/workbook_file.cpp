#include "workbook_file.h"

#include "pipeline/archive/zip_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <sstream>

namespace pipeline::test {
namespace {

constexpr const char* kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr const char* kRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string letters(std::size_t column) {
  std::string text;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    text.insert(text.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return text;
}

class SharedStrings {
 public:
  std::size_t number(const std::string& text) {
    const auto [found, is_new] = numbers_.emplace(text, texts_.size());
    if (is_new) texts_.push_back(text);
    return found->second;
  }
  [[nodiscard]] std::string xml() const {
    std::string out =
        fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<sst xmlns=\"{}\">", kMain);
    for (const auto& text : texts_) out += "<si><t xml:space=\"preserve\">" + escaped(text) + "</t></si>";
    return out + "</sst>";
  }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> texts_;
};

std::string cell_xml(const BookCell& cell, const std::string& place, SharedStrings& strings) {
  using Kind = BookCell::Kind;
  std::string start = "<c r=\"" + place + "\"";
  if (cell.style > 0) start += " s=\"" + std::to_string(cell.style) + "\"";
  const std::string value = "<v>" + escaped(cell.value) + "</v></c>";
  switch (cell.kind) {
    case Kind::empty:
      return start + "/>";
    case Kind::shared:
      return start + " t=\"s\"><v>" + std::to_string(strings.number(cell.value)) + "</v></c>";
    case Kind::inline_text:
      return start + " t=\"inlineStr\"><is><t>" + escaped(cell.value) + "</t></is></c>";
    case Kind::number:
      return start + ">" + value;
    case Kind::truth:
      return start + " t=\"b\">" + value;
    case Kind::error:
      return start + " t=\"e\">" + value;
    case Kind::formula:
      break;
  }
  const bool is_text = !cell.value.empty() && cell.value.find_first_not_of("0123456789.") != std::string::npos;
  start += std::string(is_text ? " t=\"str\"" : "") + "><f>" + escaped(cell.formula) + "</f>";
  return start + (cell.value.empty() ? "</c>" : value);
}

std::string sheet_xml(const WorkbookFile::Sheet& sheet, SharedStrings& strings) {
  std::ostringstream out;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"" << kMain
      << "\"><sheetData>";
  for (std::size_t r = 0; r < sheet.rows.size(); ++r) {
    if (sheet.rows[r].empty()) continue;
    const bool hidden = std::ranges::find(sheet.hidden, static_cast<int>(r) + 1) != sheet.hidden.end();
    out << "<row r=\"" << r + 1 << "\"" << (hidden ? " hidden=\"1\"" : "") << ">";
    for (std::size_t c = 0; c < sheet.rows[r].size(); ++c)
      out << cell_xml(sheet.rows[r][c], letters(c) + std::to_string(r + 1), strings);
    out << "</row>";
  }
  out << "</sheetData>";
  std::istringstream ranges(sheet.merged);
  std::string merged;
  for (std::string range; ranges >> range;) merged += "<mergeCell ref=\"" + range + "\"/>";
  if (!merged.empty()) out << "<mergeCells>" << merged << "</mergeCells>";
  out << "</worksheet>";
  return out.str();
}

}  // namespace

void WorkbookFile::write(const std::filesystem::path& path) const {
  std::vector<std::pair<std::string, std::string>> files;
  SharedStrings strings;
  std::string sheets;
  std::string relations =
      "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  const auto relate = [&](const std::string& id, const std::string& type, const std::string& target) {
    relations += "<Relationship Id=\"" + id + "\" Type=\"" + kRelations + "/" + type + "\" Target=\"" + target + "\"/>";
  };
  std::vector<std::pair<std::string, std::string>> made;
  for (std::size_t i = 0; i < sheets_.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const std::string state = sheets_[i].state.empty() ? "" : " state=\"" + sheets_[i].state + "\"";
    sheets += "<sheet name=\"" + escaped(sheets_[i].name) + "\" sheetId=\"" + number + "\"" + state + " r:id=\"rId" +
              number + "\"/>";
    relate("rId" + number, "worksheet", "worksheets/sheet" + number + ".xml");
    made.emplace_back("xl/worksheets/sheet" + number + ".xml", sheet_xml(sheets_[i], strings));
  }
  relate("rId9001", "sharedStrings", "sharedStrings.xml");
  relate("rId9002", "styles", "/xl/styles.xml");
  made.emplace_back("xl/_rels/workbook.xml.rels", relations + "</Relationships>");
  made.emplace_back("xl/workbook.xml", "<?xml version=\"1.0\"?><workbook xmlns=\"" + std::string(kMain) +
                                           "\" xmlns:r=\"" + kRelations + "\"><workbookPr date1904=\"" +
                                           (from_1904_ ? "1" : "0") + "\"/><sheets>" + sheets + "</sheets></workbook>");
  made.emplace_back("xl/sharedStrings.xml", strings.xml());
  made.emplace_back(
      "xl/styles.xml",
      "<?xml version=\"1.0\"?><styleSheet xmlns=\"" + std::string(kMain) +
          "\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;년&quot;\\ m&quot;월&quot;\\ d&quot;일&quot;\"/>"
          "<numFmt numFmtId=\"171\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/><numFmt numFmtId=\"172\" "
          "formatCode=\"00000\"/>"
          "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
          "numFmtId=\"170\"/>"
          "<xf numFmtId=\"171\"/><xf numFmtId=\"172\"/><xf numFmtId=\"3\"/></cellXfs></styleSheet>");
  for (auto& [name, bytes] : made) {
    const auto given = std::ranges::find(parts_, name, &std::pair<std::string, std::string>::first);
    files.emplace_back(name, given == parts_.end() ? std::move(bytes) : given->second);
  }
  for (const auto& [name, bytes] : parts_)
    if (std::ranges::find(files, name, &std::pair<std::string, std::string>::first) == files.end())
      files.emplace_back(name, bytes);
  write_zip(path, files);
}

void write_zip(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& files) {
  archive::ZipWriter zip(path, archive::Compression::fast);
  for (const auto& [name, bytes] : files) zip.deflate(name, bytes);
  zip.commit();
}

}  // namespace pipeline::test
