#include "workbook.h"

#include "pipeline/base/error.h"

#include "xml_parser.h"

#include <charconv>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

namespace pipeline::sheet {
namespace {

constexpr const char* kWorkbook = "xl/workbook.xml";

int to_int(std::string_view text) noexcept {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_true(std::string_view text) noexcept {
  return text == "1" || text == "true" || text == "on";
}

// `xl/` and `worksheets/sheet1.xml` or `/xl/worksheets/sheet1.xml` or `../xl/…`: the archive's name.
std::string resolved(std::string_view folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  while (target.starts_with("../")) {
    target.remove_prefix(3);
    folder = folder.substr(0, folder.substr(0, folder.size() - (folder.empty() ? 0 : 1)).rfind('/') + 1);
  }
  while (target.starts_with("./")) target.remove_prefix(2);
  return std::string(folder) + std::string(target);
}

// The part that all else of a workbook hangs on, as the archive's own relationships name it. Excel for the web calls it
// xl/workbook2.xml now and then.
class MainPart final : public XmlHandler {
 public:
  void start(std::string_view name, const char** attributes) override {
    if (name == "Relationship" && attribute(attributes, "Type").ends_with("/officeDocument"))
      part = resolved("", attribute(attributes, "Target"));
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::string part;
};

// Empty: the archive is no workbook.
std::string workbook_part(const ZipFile& archive) {
  constexpr const char* kRelationships = "_rels/.rels";
  if (archive.has(kWorkbook)) return kWorkbook;
  if (!archive.has(kRelationships)) return {};
  MainPart main;
  XmlParser(archive.open(kRelationships), main).run();
  const bool is_workbook = main.part.starts_with("xl/") && main.part.ends_with(".xml") && archive.has(main.part);
  return is_workbook ? main.part : std::string();
}

// Where a part's relationships are: xl/_rels/workbook.xml.rels.
std::string relationships_of(const std::string& part) {
  const std::size_t name = part.rfind('/') + 1;
  return part.substr(0, name) + "_rels/" + part.substr(name) + ".rels";
}

// Which file is which: `Relationship` by its Id, and the one of a type.
class Relationships final : public XmlHandler {
 public:
  explicit Relationships(std::string folder) : folder_(std::move(folder)) {}
  void start(std::string_view name, const char** attributes) override {
    if (name != "Relationship") return;
    std::string target = resolved(folder_, attribute(attributes, "Target"));
    const std::string_view type = attribute(attributes, "Type");
    for (const auto& [ending, part] : {std::pair("/sharedStrings", &shared_texts), std::pair("/styles", &styles)})
      if (type.ends_with(ending)) *part = target;
    by_id.emplace(attribute(attributes, "Id"), std::move(target));
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::map<std::string, std::string, std::less<>> by_id;
  std::string shared_texts;
  std::string styles;

 private:
  std::string folder_;
};

struct NamedSheet {
  Workbook::Sheet sheet;
  std::string id;
};

class Sheets final : public XmlHandler {
 public:
  void start(std::string_view name, const char** attributes) override {
    if (name == "workbookPr") from_1904 = is_true(attribute(attributes, "date1904"));
    if (name != "sheet") return;
    constexpr std::size_t kMost = 10'000;
    if (sheets.size() == kMost) throw Error("it has more sheets than can be");
    // `sheetId` is the program's own number; `r:id` names the part.
    const std::string_view state = attribute(attributes, "state");
    sheets.push_back({{std::string(attribute(attributes, "name")), {}, !state.empty() && state != "visible"},
                      std::string(attribute(attributes, "id"))});
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<NamedSheet> sheets;
  bool from_1904 = false;
};

class Styles final : public XmlHandler {
 public:
  void start(std::string_view name, const char** attributes) override {
    if (name == "numFmt") codes_[to_int(attribute(attributes, "numFmtId"))] = attribute(attributes, "formatCode");
    if (name == "cellXfs") within_ = true;
    if (name != "xf" || !within_) return;
    constexpr std::size_t kMost = 1 << 20;
    if (formats.size() == kMost) throw Error("it has more styles than can be");
    const int id = to_int(attribute(attributes, "numFmtId"));
    const auto code = codes_.find(id);
    formats.push_back(number_format(id, code == codes_.end() ? std::string_view() : code->second));
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") within_ = false;
  }
  void text(std::string_view) override {}

  std::vector<NumberFormat> formats;

 private:
  std::map<int, std::string> codes_;
  bool within_ = false;
};

std::string start_of(const ZipFile& archive, const std::string& name) {
  std::string text(80, '\0');
  text.resize(archive.open(name).read(text));
  return text;
}

}  // namespace

std::string why_no_workbook(const ZipFile& archive) {
  constexpr std::string_view kSave = "; open it in its program and save it as .xlsx or `CSV UTF-8`";
  if (!workbook_part(archive).empty()) return {};
  if (archive.has("xl/workbook.bin")) return "a binary workbook (.xlsb)" + std::string(kSave);
  if (archive.has("mimetype")) {
    const std::string type = start_of(archive, "mimetype");
    if (type.find("spreadsheet") != std::string::npos)
      return "a workbook of LibreOffice or OpenOffice (.ods)" + std::string(kSave);
  }
  if (archive.has("Index/Document.iwa")) return "a document of Numbers or Pages" + std::string(kSave);
  if (archive.has("word/document.xml"))
    return "a Word document; put its table into a spreadsheet and save that as .xlsx or `CSV UTF-8`";
  return "a zip archive, and no workbook (.xlsx); unpack it first";
}

Workbook read_workbook(const ZipFile& archive) {
  const std::string part = workbook_part(archive);
  const std::string relationships = relationships_of(part);
  Sheets sheets;
  XmlParser(archive.open(part), sheets).run();
  Relationships parts("xl/");
  if (archive.has(relationships)) XmlParser(archive.open(relationships), parts).run();

  Workbook book;
  book.from_1904 = sheets.from_1904;
  for (NamedSheet& named : sheets.sheets) {
    const auto found = parts.by_id.find(named.id);
    if (found == parts.by_id.end() || !archive.has(found->second)) continue;  // a chart, a macro, or nothing at all
    named.sheet.part = found->second;
    book.sheets.push_back(std::move(named.sheet));
  }
  if (book.sheets.empty()) throw Error("it has no sheet");
  if (archive.has(parts.shared_texts)) book.shared_texts = parts.shared_texts;
  if (!archive.has(parts.styles)) return book;
  Styles styles;
  XmlParser(archive.open(parts.styles), styles).run();
  book.formats = std::move(styles.formats);
  return book;
}

}  // namespace pipeline::sheet
