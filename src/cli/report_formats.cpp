#include "report_formats.h"

#include "option_kit.h"
#include "session.h"

namespace pipeline::cli {

void add_report_format(CLI::App& app, Format& format) {
  add_choice<Format>(
      app, "--format", format,
      {{"table", Format::table}, {"csv", Format::csv}, {"markdown", Format::markdown}, {"json", Format::json}}, "table",
      "How it is shown; --json says the same as the last")
      ->configurable(false);
}

void show_report(Session& session, Format format, const ReportForms& forms) {
  switch (format) {
    case Format::csv:
      return session.output().write(forms.csv());
    case Format::markdown:
      return session.output().write(forms.markdown());
    case Format::json:
      return session.output().write(forms.json());
    case Format::table:
      if (!session.common().quiet) session.output().write(forms.table());
  }
}

}  // namespace pipeline::cli
